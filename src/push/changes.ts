import type { Change } from '../platform/push';

export interface ChangeQueue {
  add(change: Change): void;
  /** Resolves when everything added so far has been worked. */
  settle(): Promise<void>;
}

type Ids = Change['id'][];

/**
 * Collects what changes in one turn of the event loop, each row once, and works it kind by kind, one batch at a time: a
 * busy shop reads its rows together.
 */
export function createChangeQueue(
  work: (subject: string, ids: Ids) => Promise<void>,
  onFailure: (subject: string, error: unknown) => void,
): ChangeQueue {
  let waiting = new Map<string, Set<Change['id']>>();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    // What one transaction announces, it announces at once: all of it is there in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const batch = waiting;
      waiting = new Map();
      for (const [subject, ids] of batch) {
        try {
          await work(subject, [...ids]);
        } catch (error) {
          onFailure(subject, error);
        }
      }
    }
    running = undefined;
  };

  return {
    add({ subject, id }) {
      const ids = waiting.get(subject) ?? new Set();
      waiting.set(subject, ids.add(id));
      running ??= run();
    },
    settle: () => running ?? Promise.resolve(),
  };
}
