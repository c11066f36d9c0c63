/** Workers with handlers of a test's own, on the outbox of a running shop. */
import type { NewMessage, OutboxMessage, Topic, Worker, WorkerOptions } from '../../src/platform/outbox';
import { compiled } from './app';
import { pause } from './seeds';

type Outbox = typeof import('../../src/platform/outbox');
type Database = typeof import('../../src/platform/database');
export type Handle = Topic['handle'];

const silent = { warn: () => undefined, error: () => undefined };

/** Something to wait for that a test lets go. */
export function gate(): { wait: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const wait = new Promise<void>((resolve) => (open = resolve));
  return { wait, open: () => open() };
}

export const message = (topic: string, key?: string, n = 0): NewMessage => ({ topic, payload: { n }, key });

/** Call once the shop runs. */
export function outboxSuite() {
  const outbox = compiled<Outbox>('src/platform/outbox');
  const database = compiled<Database>('src/platform/database');
  const workers: Worker[] = [];
  const rows = () => database.query(outbox.OUTBOX_UID);
  const read = (): Promise<OutboxMessage[]> =>
    database.fetchRows<OutboxMessage>(outbox.OUTBOX_UID, rows().orderBy('id'));

  return {
    outbox,
    database,
    rows,
    read,
    statuses: async () => (await read()).map(({ status }) => status),
    send: (messages: NewMessage[]) => database.inTransaction((tx) => outbox.enqueue(tx, messages)),

    worker(handlers: Record<string, Handle | Topic>, more: Partial<WorkerOptions> = {}): Worker {
      const topics = Object.fromEntries(
        Object.entries(handlers).map(([name, handler]): [string, Topic] => [
          name,
          typeof handler === 'function' ? { lane: 'money', handle: handler } : handler,
        ]),
      );
      const onDead = () => Promise.resolve();
      const made = outbox.createWorker({ topics, onDead, log: silent, pollMs: 20, leaseMs: 2_000, ...more });
      workers.push(made);
      return made;
    },

    /** Waits for a condition; fails with the first messages when it does not come. */
    async until(what: () => Promise<boolean> | boolean, withinMs = 15_000): Promise<void> {
      const deadline = Date.now() + withinMs;
      while (!(await what())) {
        if (Date.now() > deadline)
          throw new Error(`not within ${withinMs} ms: ${JSON.stringify((await read()).slice(0, 5))}`);
        await pause(10);
      }
    },

    /** Stops every worker and empties the outbox. */
    async clean(): Promise<void> {
      await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
      await rows().delete();
    },
  };
}
