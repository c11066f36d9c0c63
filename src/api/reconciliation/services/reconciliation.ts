/** One day's bill against the books: fetched, compared, and its differences written down. The one writer of runs. */
import { addDays, DAY_MS, startOfBeijingDay } from '../../../domain/beijing-day';
import { fenToYuan } from '../../../domain/money';
import { judgeable, type Stretch } from '../../../domain/reconciliation';
import { clock } from '../../../platform/clock';
import { inTransaction, query } from '../../../platform/database';
import { OutcomeUnknownError, ServiceUnavailableError } from '../../../platform/http';
import { type Bill, BillDamagedError, wechatBills } from '../../../platform/wechat/bill-client';
import { WechatPayError } from '../../../platform/wechat/pay-client';
import { notifyStaff } from '../../notification/notify';
import { type Claim, claimRun, LeaseLostError, updateClaimed, whileKept } from '../comparison/claim';
import type { Finding } from '../comparison/finding';
import { compareBilledPayments, findUnbilledPayments } from '../comparison/payments';
import { closeVanished, countOpen, recordFindings } from '../comparison/record';
import { compareBilledRefunds, findUnbilledRefunds } from '../comparison/refunds';
import { type BillTotals, forgetAttempt, forgetLines, KEEP_LINES_DAYS, stageBill } from '../comparison/stage';
import { RUN_UID, type RunRow } from '../reconciliation-rows';

/** WeChat asks for half an hour between two looks at a bill it is still making. */
const LOOK_AGAIN_MS = 30 * 60_000;
const TRY_AGAIN_MS = 10 * 60_000;
const BUSY_MS = 60_000;

const later = (ms: number): Date => new Date(clock.now().getTime() + ms);

async function isCompared(billDate: string): Promise<boolean> {
  const [row] = (await query(RUN_UID).where({ bill_date: billDate, status: 'completed' }).select('id')) as {
    id: number;
  }[];
  return row !== undefined;
}

/** The days whose lines are at hand, this one included. */
async function knownDays(billDate: string): Promise<Set<string>> {
  const rows = (await query(RUN_UID)
    .where('status', 'completed')
    .andWhere('bill_date', '>=', addDays(billDate, -KEEP_LINES_DAYS))
    .andWhere('bill_date', '<=', addDays(billDate, 1))
    .select('bill_date')) as { bill_date: string }[];
  return new Set([billDate, ...rows.map((row) => row.bill_date)]);
}

async function* compare(claim: Claim): AsyncGenerator<Finding[]> {
  const from = startOfBeijingDay(claim.billDate);
  const day: Stretch = { from, until: new Date(from.getTime() + DAY_MS) };
  const time = judgeable(day, {
    dayBefore: await isCompared(addDays(claim.billDate, -1)),
    dayAfter: await isCompared(addDays(claim.billDate, 1)),
  });
  yield* compareBilledPayments(claim);
  yield* findUnbilledPayments(time);
  yield* compareBilledRefunds(claim);
  yield* findUnbilledRefunds(time, await knownDays(claim.billDate));
}

interface Outcome {
  found: number;
  news: number;
}

async function compareAndRecord(claim: Claim): Promise<Outcome> {
  const sum: Outcome = { found: 0, news: 0 };
  for await (const page of compare(claim)) {
    await claim.renew();
    const { found, news } = await recordFindings(claim, page);
    sum.found += found;
    sum.news += news;
  }
  return sum;
}

const NO_TOTALS: BillTotals = { paymentCount: 0, paymentFen: 0, refundCount: 0, refundFen: 0 };

async function finish(
  claim: Claim,
  hash: string | null,
  totals: BillTotals,
  outcome: Outcome,
): Promise<void> {
  await inTransaction(async (tx) => {
    await closeVanished(tx, claim);
    const openCount = await countOpen(tx, claim.runId);
    await updateClaimed(tx, claim, {
      status: 'completed',
      billHash: hash,
      paymentCount: totals.paymentCount,
      paymentAmount: fenToYuan(totals.paymentFen),
      refundCount: totals.refundCount,
      refundAmount: fenToYuan(totals.refundFen),
      differenceCount: outcome.found,
      openCount,
      leaseUntil: null,
      finishedAt: clock.now(),
    });
    if (outcome.news > 0) {
      await notifyStaff(tx, {
        type: 'payment',
        title: '微信账单与系统记录不一致，请处理',
        content: `${claim.billDate} 的账单发现 ${outcome.news} 项新差异，共 ${openCount} 项待处理。`,
        data: { reconciliationRun: claim.documentId },
      });
    }
  });
}

async function reconcileBill(claim: Claim, bill: Bill | undefined): Promise<void> {
  const totals = bill === undefined ? NO_TOTALS : await stageBill(claim, bill.lines());
  const outcome = await compareAndRecord(claim);
  await forgetLines(claim);
  await finish(claim, bill?.hash ?? null, totals, outcome);
}

const wait = (claim: Claim, error: string): Promise<void> =>
  updateClaimed(undefined, claim, { status: 'waiting', error: error.slice(0, 2_000), leaseUntil: null });

/** A bill that is refused or cannot be believed: shown on its day, and told once. */
async function fail(claim: Claim, error: Error, hadFailed: boolean): Promise<void> {
  await inTransaction(async (tx) => {
    await updateClaimed(tx, claim, {
      status: 'failed',
      error: error.message.slice(0, 2_000),
      leaseUntil: null,
      finishedAt: clock.now(),
    });
    if (hadFailed) return;
    await notifyStaff(tx, {
      type: 'payment',
      title: '微信账单无法核对',
      content: `${claim.billDate} 的账单：${error.message.slice(0, 300)}`,
      data: { reconciliationRun: claim.documentId },
    });
  });
}

async function readRun(billDate: string): Promise<Pick<RunRow, 'id' | 'status'> | undefined> {
  const [row] = (await query(RUN_UID).where('bill_date', billDate).select('id', 'status')) as Pick<
    RunRow,
    'id' | 'status'
  >[];
  return row;
}

/**
 * Compares one Beijing day that has a run, unless an attempt later than `askedAt` has done it. Resolves to the moment to
 * look again when the bill is not there yet, could not be had or believed, or another day is being worked; to nothing
 * when the day is done or WeChat has refused its bill. Stops between two pages, to be begun anew, once `signal` is aborted.
 */
export async function reconcileDay(
  billDate: string,
  askedAt: Date,
  signal?: AbortSignal,
): Promise<Date | void> {
  const hadFailed = (await readRun(billDate))?.status === 'failed';
  const claim = await claimRun(billDate, askedAt, signal);
  if (claim === 'done') return;
  if (claim === 'busy') return later(BUSY_MS);
  try {
    const answer = await whileKept(claim, () =>
      wechatBills().useTradeBill(billDate, (bill) => reconcileBill(claim, bill)),
    );
    if (answer.state !== 'creating') return;
    await wait(claim, '微信正在生成账单 / WeChat is still making the bill');
    return later(LOOK_AGAIN_MS);
  } catch (error) {
    return takeFailure(claim, error, hadFailed);
  }
}

async function takeFailure(claim: Claim, error: unknown, hadFailed: boolean): Promise<Date | void> {
  // The other attempt writes what there is to write; this message looks whether it came to an end.
  if (error instanceof LeaseLostError) return later(BUSY_MS);
  if (error instanceof BillDamagedError) {
    await forgetAttempt(claim);
    await fail(claim, error, hadFailed);
    return later(LOOK_AGAIN_MS);
  }
  if (error instanceof WechatPayError) return fail(claim, error, hadFailed);
  await wait(claim, error instanceof Error ? error.message : String(error));
  if (error instanceof OutcomeUnknownError || error instanceof ServiceUnavailableError)
    return later(TRY_AGAIN_MS);
  throw error;
}

export default () => ({ reconcileDay });
