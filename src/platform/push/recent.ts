import { type Entry, isFor, messageOf, type Viewer } from './entries';

interface Numbered {
  id: string;
  entry: Entry;
}

/** The last entries of this process, oldest first. */
export interface RecentEntries {
  add(id: string, entry: Entry): void;
  isEmpty(): boolean;
  /** The newest id, from which a client that has just connected can resume. */
  lastId(): string;
  /**
   * The viewer's messages after `id`, or undefined when they are not all known: the id is too old, not ours, or there
   * is a gap after it.
   */
  since(id: string, viewer: Viewer): string[] | undefined;
}

export function createRecentEntries(capacity: number, firstId: string): RecentEntries {
  // Where the entries begin: whoever has this id has missed nothing before them.
  let before = firstId;
  let kept: Numbered[] = [];
  return {
    add(id, entry) {
      kept.push({ id, entry });
      // Cut rarely: moving thousands of entries for each new one would cost more than keeping some too many.
      if (kept.length < capacity * 1.25) return;
      before = kept[kept.length - capacity - 1]?.id ?? before;
      kept = kept.slice(-capacity);
    },
    isEmpty: () => kept.length === 0,
    lastId: () => kept.at(-1)?.id ?? before,
    since(id, viewer) {
      // From the end: most who come again were away for a moment.
      let at = kept.length - 1;
      while (at >= 0 && kept[at]?.id !== id) at -= 1;
      if (at === -1 && id !== before) return undefined;
      const messages: string[] = [];
      for (const { id: next, entry } of kept.slice(at + 1)) {
        if (entry.kind === 'gap') return undefined;
        if (entry.kind === 'event' && isFor(entry, viewer)) messages.push(messageOf(next, entry));
      }
      return messages;
    },
  };
}
