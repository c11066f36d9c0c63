import { LRUCache } from 'lru-cache';

/** More tags than this are remembered as one moment: whatever was read before the oldest of them counts as changed. */
const MAX_TAGS = 50_000;

/**
 * When what an answer was made from last changed, by tag. A moment is `performance.now()`: it only goes forward,
 * whatever the clock on the wall does.
 */
export class ChangeLog {
  private everything = -1;
  private readonly moments = new LRUCache<string, number>({
    max: MAX_TAGS,
    dispose: (moment, _tag, reason) => {
      if (reason === 'evict') this.everything = Math.max(this.everything, moment);
    },
  });

  constructor(private readonly now: () => number = () => performance.now()) {}

  note(tags: readonly string[]): void {
    const moment = this.now();
    for (const tag of tags) this.moments.set(tag, moment);
  }

  /** What may have been missed: nothing that was read before now counts any more. */
  noteEverything(): void {
    this.everything = this.now();
    this.moments.clear();
  }

  /** True when one of these tags changed at `moment` or later. */
  hasChangedSince(tags: readonly string[], moment: number): boolean {
    if (this.everything >= moment) return true;
    return tags.some((tag) => (this.moments.peek(tag) ?? -1) >= moment);
  }
}
