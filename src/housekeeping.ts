/** What may be forgotten: answers nobody will ask for again, and promises long kept. */
import { DAY_MS } from './domain/beijing-day';
import { TASK_UID } from './api/task/task-rows';
import { INBOX_UID, onlyForgettable } from './api/callback/inbox';
import { clock } from './platform/clock';
import { query } from './platform/database';
import { IDEMPOTENCY_UID } from './platform/idempotency';
import { OUTBOX_UID } from './platform/outbox';

type Builder = ReturnType<typeof query>;

const KEEP_DONE_MESSAGES_MS = 7 * DAY_MS;
/** Small bites, so that no lock is held for long on a large table. */
const BATCH = 1_000;

async function removeInBatches(
  uid: string,
  isOld: (builder: Builder) => Builder,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const ids = ((await isOld(query(uid).select('id')).limit(BATCH)) as { id: number }[]).map(({ id }) => id);
    if (ids.length > 0) await query(uid).whereIn('id', ids).delete();
    if (ids.length < BATCH || signal.aborted) return;
  }
}

/**
 * Deletes idempotency keys and tasks past their 24 hours, and messages done a week ago, the oldest first; what an aborted turn left
 * is the next one's. Dead messages stay for staff.
 */
export async function removeExpired({ signal }: { signal: AbortSignal }): Promise<void> {
  const now = clock.now();
  const doneBefore = new Date(now.getTime() - KEEP_DONE_MESSAGES_MS);
  for (const uid of [IDEMPOTENCY_UID, TASK_UID])
    await removeInBatches(uid, (old) => old.where('expires_at', '<', now).orderBy('expires_at'), signal);
  await removeInBatches(INBOX_UID, onlyForgettable, signal);
  await removeInBatches(
    OUTBOX_UID,
    (old) => old.whereRaw("status = 'done'").where('updated_at', '<', doneBefore).orderBy('updated_at'),
    signal,
  );
}
