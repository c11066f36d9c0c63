import { clock } from '../clock';
import { afterCommit, inTransaction, query, toColumns } from '../database';
import { OUTBOX_UID } from './enqueue';
import { wakeWorker } from './wake';

/**
 * Gives a dead message its attempts back, to be worked at once. True when it was dead; a message that waits, runs or
 * is done is left alone.
 */
export async function replayMessage(documentId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const now = clock.now();
    const changed = await query(OUTBOX_UID, tx)
      .where({ document_id: documentId, status: 'dead' })
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
    if (changed === 1) afterCommit(wakeWorker);
    return changed === 1;
  });
}
