import { clock } from '../clock';
import { afterCommit, inTransaction, query, toColumns, type Tx } from '../database';
import { OUTBOX_UID } from './enqueue';
import { wakeWorker } from './wake';

async function replayDead(where: Record<string, unknown>): Promise<number> {
  return inTransaction(async (tx) => {
    const now = clock.now();
    const changed = await query(OUTBOX_UID, tx)
      .where({ ...where, status: 'dead' })
      .update(
        toColumns(OUTBOX_UID, {
          status: 'pending',
          attempts: 0,
          availableAt: now,
          lockedUntil: null,
          lockedBy: null,
          updatedAt: now,
        }),
      );
    if (changed > 0) afterCommit(wakeWorker);
    return changed;
  });
}

/**
 * Gives a dead message its attempts back, to be worked at once; what waits behind it follows in order. True when it was
 * dead; a message that waits, runs or is done is left alone.
 */
export const replayMessage = async (documentId: string): Promise<boolean> =>
  (await replayDead({ document_id: documentId })) === 1;

/** The same for every dead message of a topic. Returns how many there were. */
export const replayTopic = (topic: string): Promise<number> => replayDead({ topic });

/**
 * Makes everything that waits under a key due now, and gives its dead messages their attempts back, in the transaction that gives
 * a reason to look again. The order of the key stands.
 */
export async function hasten(tx: Tx, key: string): Promise<void> {
  const now = clock.now();
  const due = { availableAt: now, updatedAt: now };
  await query(OUTBOX_UID, tx)
    .where({ key, status: 'dead' })
    .update(
      toColumns(OUTBOX_UID, { ...due, status: 'pending', attempts: 0, lockedUntil: null, lockedBy: null }),
    );
  await query(OUTBOX_UID, tx)
    .where({ key, status: 'pending' })
    .where('available_at', '>', now)
    .update(toColumns(OUTBOX_UID, due));
  afterCommit(wakeWorker);
}
