import { compiled, type TestApp } from '../app';
import { rowsOf } from './panel';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;

export const RUN_UID = 'api::reconciliation.reconciliation-run';
export const DIFFERENCE_UID = 'api::reconciliation.reconciliation-difference';

export interface RunColumns {
  id: number;
  document_id: string;
  bill_date: string;
  status: string;
  attempt: number;
  open_count: number;
  difference_count: number;
  payment_count: number | null;
  refund_count: number | null;
  bill_hash: string | null;
  error: string | null;
}

export interface DifferenceColumns {
  id: number;
  document_id: string;
  bill_date: string;
  kind: string;
  subject: string;
  status: string;
  our_status: string | null;
  their_status: string | null;
  our_amount: string | number | null;
  their_amount: string | number | null;
  resolved_by: string | null;
  note: string | null;
}

const shopClock = () => compiled<typeof import('../../../src/platform/clock')>('src/platform/clock').clock;

/** The shop's day in Beijing, `YYYY-MM-DD`. */
export const beijingToday = (): string =>
  new Date(shopClock().now().getTime() + BEIJING_MS).toISOString().slice(0, 10);

/** Moves shop and sandbox on to a time of the next Beijing day, `HH:MM:SS`; returns that day. */
export async function goToNextDay(app: TestApp, time = '12:00:00'): Promise<string> {
  const nextDay = new Date(shopClock().now().getTime() + BEIJING_MS + DAY_MS).toISOString().slice(0, 10);
  await goTo(app, `${nextDay}T${time}+08:00`);
  return nextDay;
}

/** Moves both on to a moment. */
export const goTo = (app: TestApp, iso: string): Promise<void> =>
  app.advance(Date.parse(iso) - shopClock().now().getTime());

export type BillRow = Record<string, string>;

/** The rows of a day's bill, by column. */
export function readBill(app: TestApp, day: string): { names: string[]; rows: BillRow[] } {
  const text = app.sandbox.control.bills.read(day);
  if (text === undefined) throw new Error(`there is no bill of ${day}`);
  const [head = '', ...lines] = text.slice(1).trimEnd().split('\r\n');
  const names = head.split(',');
  const rows = lines.slice(0, -2).map((line) => {
    const values = line.slice(1).split(',`');
    return Object.fromEntries(names.map((name, place) => [name, values[place] ?? '']));
  });
  return { names, rows };
}

const fen = (yuan: string): number => Math.round(Number(yuan) * 100);
const sum = (rows: BillRow[], name: string): string =>
  (rows.reduce((total, row) => total + fen(row[name] ?? '0'), 0) / 100).toFixed(2);

/** Makes WeChat serve other rows for a day, with a summary that fits them. */
export function changeBill(app: TestApp, day: string, change: (rows: BillRow[]) => BillRow[]): void {
  const { names, rows: before } = readBill(app, day);
  const rows = change(before.map((row) => ({ ...row })));
  const summary = {
    总交易单数: String(rows.length),
    应结订单总金额: sum(rows, '应结订单金额'),
    退款总金额: sum(rows, '退款金额'),
    充值券退款总金额: '0.00',
    手续费总金额: sum(rows, '手续费'),
    订单总金额: sum(rows, '订单金额'),
    申请退款总金额: sum(rows, '申请退款金额'),
  };
  const line = (values: string[]) => values.map((value) => `\`${value}`).join(',');
  const lines = [
    names.join(','),
    ...rows.map((row) => line(names.map((name) => row[name] ?? ''))),
    Object.keys(summary).join(','),
    line(Object.values(summary)),
  ];
  app.sandbox.control.bills.replace(day, `\uFEFF${lines.join('\r\n')}\r\n`);
}

export async function runOf(app: TestApp, day: string): Promise<RunColumns | undefined> {
  return ((await rowsOf(app, RUN_UID)) as RunColumns[]).find((run) => run.bill_date === day);
}

/** Differences of a day, oldest first. */
export async function differencesOf(app: TestApp, day: string): Promise<DifferenceColumns[]> {
  const rows = (await rowsOf(app, DIFFERENCE_UID)) as DifferenceColumns[];
  return rows.filter((row) => row.bill_date === day);
}

/** Works the outbox until every planned day has been compared or is waiting for WeChat. */
export async function reconcileDue(app: TestApp): Promise<void> {
  const isPromised = async () =>
    (await app.strapi.db
      .connection('outbox_messages')
      .where('topic', 'reconciliation.day')
      .whereIn('status', ['pending', 'running', 'blocked'])
      .first('id')) !== undefined;
  await app.drain();
  // Days are worked one after the other: the others are put off by a minute each.
  for (let round = 0; round < 12 && (await isPromised()); round += 1) {
    await app.advance(61_000);
    await app.drain();
  }
}
