/** What may be forgotten: answers nobody will ask for again, and promises long kept. */
import { clock } from './platform/clock';
import { inTransaction, query } from './platform/database';
import { IDEMPOTENCY_UID } from './platform/idempotency';
import { enqueue, OUTBOX_UID } from './platform/outbox';

const DAY_MS = 24 * 60 * 60_000;
const KEEP_DONE_MESSAGES_MS = 7 * DAY_MS;
/** Small bites, so that no lock is held for long on a large table. */
const BATCH = 1_000;

async function removeInBatches(
  uid: string,
  isOld: (builder: ReturnType<typeof query>) => void,
): Promise<void> {
  for (;;) {
    const old = query(uid).select('id').limit(BATCH);
    isOld(old);
    const ids = ((await old) as { id: number }[]).map((row) => row.id);
    if (ids.length > 0) await query(uid).whereIn('id', ids).delete();
    if (ids.length < BATCH) return;
  }
}

/** Deletes idempotency keys past their 24 hours and messages done a week ago. Dead ones stay for staff. */
export async function removeExpired(): Promise<void> {
  const now = clock.now();
  const doneBefore = new Date(now.getTime() - KEEP_DONE_MESSAGES_MS);
  await removeInBatches(IDEMPOTENCY_UID, (old) => void old.where('expires_at', '<', now));
  await removeInBatches(
    OUTBOX_UID,
    (old) => void old.where('status', 'done').andWhere('updated_at', '<', doneBefore),
  );
}

/** Makes sure the one housekeeping message exists; it schedules itself from then on. */
export async function ensureHousekeeping(): Promise<void> {
  await inTransaction(async (tx) => {
    const [existing] = (await query(OUTBOX_UID, tx)
      .where({ topic: 'housekeeping.run' })
      .whereIn('status', ['pending', 'running'])
      .limit(1)
      .select('id')) as { id: number }[];
    if (existing === undefined) {
      await enqueue(tx, [
        {
          topic: 'housekeeping.run',
          payload: {},
          key: 'housekeeping',
          availableAt: new Date(clock.now().getTime() + 60_000),
        },
      ]);
    }
  });
}
