/** Which days are to be compared: yesterday, what was missed, and what staff ask for. */
import { addDays, beijingDay } from '../../../domain/beijing-day';
import { validationFailed } from '../../../domain/refusal';
import { settings } from '../../../../config/environment';
import { clock } from '../../../platform/clock';
import { fetchRows, inTransaction, newDocument, query, toColumns, type Tx } from '../../../platform/database';
import { enqueue, OUTBOX_UID } from '../../../platform/outbox';
import { type Actor, actorLabel } from '../../order/order-rows';
import { PAYMENT_UID } from '../../payment/payment-rows';
import { RUN_UID } from '../reconciliation-rows';

export const DAY_TOPIC = 'reconciliation.day';
/** WeChat keeps bills for three months. */
const OLDEST_BILL_DAYS = 90;
/** A shop that stood still for longer asks for older days by the button. */
const CATCH_UP_DAYS = 30;

/** Makes sure the day has its row, and promises to compare it. */
async function plan(tx: Tx, billDate: string, requestedBy: string): Promise<void> {
  const row = { billDate, status: 'waiting', attempt: 0, differenceCount: 0, openCount: 0, requestedBy };
  await query(RUN_UID, tx)
    .insert(toColumns(RUN_UID, { ...newDocument(), ...row }))
    .onConflict(['bill_date'])
    .ignore();
  await query(RUN_UID, tx)
    .where('bill_date', billDate)
    .update(toColumns(RUN_UID, { requestedBy, updatedAt: clock.now() }));
  const payload = { billDate, askedAt: clock.now().toISOString() };
  // Without a key: who is at a day is the claim's business, and nothing should wait behind a message that died.
  await enqueue(tx, [{ topic: DAY_TOPIC, payload }]);
}

/** Days with something to compare begin with the first payment. */
async function firstDay(): Promise<string | undefined> {
  const [row] = (await query(PAYMENT_UID).orderBy('id').limit(1).select('created_at')) as {
    created_at: Date | string | number;
  }[];
  return row === undefined ? undefined : beijingDay(new Date(row.created_at));
}

/** Days that are done, or that a message already stands for. */
async function takenDays(since: string): Promise<Set<string>> {
  const done = (await query(RUN_UID)
    .where('status', 'completed')
    .andWhere('bill_date', '>=', since)
    .select('bill_date')) as { bill_date: string }[];
  const promised = await fetchRows<{ payload: { billDate: string } }>(
    OUTBOX_UID,
    query(OUTBOX_UID).where('topic', DAY_TOPIC).whereIn('status', ['pending', 'running']).select('payload'),
  );
  return new Set([...done.map((row) => row.bill_date), ...promised.map(({ payload }) => payload.billDate)]);
}

/**
 * Promises to compare every day since the first payment, of the last thirty, that was not yet compared; oldest first.
 * Does nothing where no merchant is configured. Returns the days.
 */
export async function planMissedDays(): Promise<string[]> {
  const first = await firstDay();
  if (first === undefined || settings().wechatPay === undefined) return [];
  const today = beijingDay(clock.now());
  const earliest = addDays(today, -CATCH_UP_DAYS);
  const since = first > earliest ? first : earliest;
  const taken = await takenDays(since);
  const days: string[] = [];
  for (let day = since; day < today; day = addDays(day, 1)) if (!taken.has(day)) days.push(day);
  await inTransaction(async (tx) => {
    for (const day of days) await plan(tx, day, 'system');
  });
  return days;
}

/**
 * Promises to compare a day, also one that was compared before. Throws VALIDATION_FAILED for a text that is no day,
 * today, the future, and days WeChat no longer keeps.
 */
export async function requestDay(billDate: string, actor: Actor): Promise<void> {
  const today = beijingDay(clock.now());
  if (billDate >= today || billDate < addDays(today, -OLDEST_BILL_DAYS)) {
    throw validationFailed(
      [
        {
          path: ['billDate'],
          message: `must be a day before ${today}, at most ${OLDEST_BILL_DAYS} days ago`,
        },
      ],
      {
        zh: `账单日期必须早于今天（${today}），且不超过 ${OLDEST_BILL_DAYS} 天`,
        en: `The day must be before today (${today}) and at most ${OLDEST_BILL_DAYS} days ago`,
      },
    );
  }
  await inTransaction((tx) => plan(tx, billDate, actorLabel(actor)));
}

export default () => ({ planMissedDays, requestDay });
