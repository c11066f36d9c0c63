import { clock } from '../clock';
import { afterCommit, insertRows, type Tx } from '../database';
import { currentOrigin, type Origin } from './origin';
import { wakeWorker } from './wake';

export const OUTBOX_UID = 'api::outbox.outbox-message';

export interface NewMessage {
  topic: string;
  payload: Record<string, unknown>;
  /** Messages with the same key are worked one after the other, in the order they were written. */
  key?: string;
  /** Not before this moment; at once when left out. */
  availableAt?: Date;
  /** Where it comes from; the request or job in progress when left out. */
  origin?: Origin | null;
}

/**
 * Promises work outside the transaction: the messages are rows written in `tx`, so they exist exactly when what caused
 * them does. The worker does them at least once.
 */
export async function enqueue(tx: Tx, messages: NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const now = clock.now();
  const here = currentOrigin();
  await insertRows(
    OUTBOX_UID,
    tx,
    messages.map(({ topic, payload, key, availableAt, origin = here }) => ({
      topic,
      payload,
      key: key ?? null,
      availableAt: availableAt ?? now,
      status: 'pending',
      attempts: 0,
      origin,
    })),
  );
  if (messages.some(({ availableAt }) => availableAt === undefined || availableAt <= now))
    afterCommit(wakeWorker);
}
