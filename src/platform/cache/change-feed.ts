import type { Redis } from 'ioredis';

import type { ChangeLog } from './change-log';

const CHANNEL = 'shop:changes';
/** Changes of one turn of the event loop travel together. */
const MAX_TAGS_A_MESSAGE = 500;

/** Tells every process what changed, this one at once. */
export interface ChangeFeed {
  tell(tags: readonly string[]): void;
  stop(): void;
}

/** Without Redis each process knows of its own changes, and of others' when the life of an answer is over. */
export function createChangeFeed(changes: ChangeLog, redis: Redis | undefined): ChangeFeed {
  const listener = redis?.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  });
  const waiting = new Set<string>();
  if (listener !== undefined) {
    listener.on('error', () => undefined);
    // Whatever was told while nobody listened is not known: begin anew. ioredis subscribes again by itself.
    listener.on('ready', () => changes.noteEverything());
    listener.on('message', (_channel, text) => hear(text));
    listener.subscribe(CHANNEL).catch(() => undefined);
  }

  const hear = (text: string): void => {
    try {
      const tags: unknown = JSON.parse(text);
      if (!Array.isArray(tags)) throw new Error('no list of tags');
      changes.note(tags.map(String));
    } catch {
      // Nobody but the shop writes here; if somebody does, nothing kept is to be trusted.
      changes.noteEverything();
    }
  };

  const send = (): void => {
    const tags = [...waiting];
    waiting.clear();
    for (let at = 0; at < tags.length; at += MAX_TAGS_A_MESSAGE) {
      const text = JSON.stringify(tags.slice(at, at + MAX_TAGS_A_MESSAGE));
      // Lost when Redis is away: the others then wait for the end of an answer's life.
      redis?.publish(CHANNEL, text).catch(() => undefined);
    }
  };

  return {
    tell(tags) {
      if (tags.length === 0) return;
      changes.note(tags);
      if (redis === undefined) return;
      if (waiting.size === 0) setImmediate(send);
      for (const tag of tags) waiting.add(tag);
    },
    stop() {
      listener?.disconnect();
    },
  };
}
