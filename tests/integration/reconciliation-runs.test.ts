import { compiled, startApp, type TestApp } from '../support/app';
import {
  beijingToday,
  changeBill,
  differencesOf,
  goTo,
  goToNextDay,
  readBill,
  reconcileDue,
  RUN_UID,
  runOf,
} from '../support/factories/bills';
import { createBuyer, createStaff, placePaidOrder, stockProduct } from '../support/factories/orders';
import { panelUser, type PanelUser, rowsOf } from '../support/factories/panel';

type Reconciliation = typeof import('../../src/api/reconciliation/services/reconciliation');

const BILL = '/v3/bill/tradebill';
const FILE = '/v3/billdownload/file';
const MINUTE_MS = 60_000;

let app: TestApp;
let merchant: PanelUser;

beforeAll(async () => {
  app = await startApp();
  merchant = await panelUser(app, 'merchant');
});
afterAll(() => app.stop());
afterEach(() => app.sandbox.control.clearFaults());

const table = (name: string) => app.strapi.db.connection(name);
const reconcileDay = (day: string): Promise<Date | void> =>
  compiled<Reconciliation>('src/api/reconciliation/services/reconciliation').reconcileDay(day, now());
const now = () => compiled<typeof import('../../src/platform/clock')>('src/platform/clock').clock.now();
const ask = (billDate: unknown) =>
  merchant.call('post', '/back-office/reconciliation/runs').send({ billDate });
const titles = async () =>
  ((await rowsOf(app, 'api::notification.notification')) as { title: string }[]).map(({ title }) => title);

/** A payment at noon of the next day, whatever has become of the days before. */
async function payOn(day: string): Promise<string> {
  await goTo(app, `${day}T12:00:00+08:00`);
  const staff = await createStaff(app);
  const buyer = await createBuyer(app);
  const product = await stockProduct(app, staff, 10);
  return (await placePaidOrder(app, buyer, product)).payment.paymentNumber;
}

/** A day with one payment, all days before it being done. */
async function oneDay() {
  const day = await goToNextDay(app, '10:01:00');
  await reconcileDue(app);
  return { day, number: await payOn(day) };
}

/** The morning after, with the job due. */
const morning = () => goToNextDay(app, '10:30:00');

describe('the daily job', () => {
  it('waits while WeChat is still making the bill, and looks again half an hour later', async () => {
    const { day } = await oneDay();
    await goToNextDay(app, '10:00:30');
    const creating = { host: 'pay', kind: 'business', path: BILL, code: 'STATEMENT_CREATING' } as const;
    app.sandbox.control.addFault(creating);
    await app.drain();
    expect(await runOf(app, day)).toMatchObject({ status: 'waiting', attempt: 1 });
    await app.advance(29 * MINUTE_MS);
    await app.drain();
    expect(await runOf(app, day)).toMatchObject({ status: 'waiting', attempt: 1 });
    app.sandbox.control.clearFaults();
    await app.advance(2 * MINUTE_MS);
    await app.drain();
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', attempt: 2, error: null });
  });

  it.each([
    ['gives no answer', { kind: 'refuse-connection', path: BILL }],
    ['answers 500', { kind: 'status', path: BILL, status: 500 }],
    ['breaks off the file', { kind: 'refuse-connection', path: FILE }],
    ['answers without signature', { kind: 'unsigned', path: BILL }],
    ['does not know the address any more', { kind: 'business', path: FILE, code: 'INVALID_REQUEST' }],
  ] as const)('goes on when WeChat %s, until it is back', async (_name, fault) => {
    const { day } = await oneDay();
    await morning();
    app.sandbox.control.addFault({ host: 'pay', ...fault });
    await app.drain();
    await app.advance(11 * MINUTE_MS);
    await app.drain();
    expect(await runOf(app, day)).toMatchObject({ status: 'waiting', error: expect.any(String) });
    expect(await titles()).not.toContain('微信账单无法核对');
    app.sandbox.control.clearFaults();
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', open_count: 0 });
  });

  it('makes up for the days nobody was there, oldest first, each once', async () => {
    const { day: first } = await oneDay();
    const days = [first];
    for (let turn = 0; turn < 2; turn += 1) {
      const day = await goToNextDay(app, '09:00:00');
      await payOn(day);
      days.push(day);
    }
    await morning();
    await reconcileDue(app);
    const runs = await Promise.all(days.map((day) => runOf(app, day)));
    expect(runs.map((run) => [run?.status, run?.attempt, run?.payment_count])).toEqual(
      days.map(() => ['completed', 1, 1]),
    );
    const all = (await rowsOf(app, RUN_UID)) as { bill_date: string }[];
    expect(new Set(all.map((run) => run.bill_date)).size).toBe(all.length);
    expect(all.filter((run) => run.bill_date >= beijingToday())).toEqual([]);
  });

  it('knows a day without trade, and what we think was paid on it', async () => {
    const { day, number } = await oneDay();
    await morning();
    app.sandbox.control.addFault({
      host: 'pay',
      kind: 'business',
      path: BILL,
      code: 'NO_STATEMENT_EXIST',
    });
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', payment_count: 0, bill_hash: null });
    expect(await differencesOf(app, day)).toMatchObject([
      { kind: 'payment_missing_there', subject: number, status: 'open' },
    ]);
  });
});

describe('a bill that cannot be believed', () => {
  const REFUSED: [string, (day: string) => void][] = [
    ['under another hash', () => app.sandbox.control.bills.spoil('hash')],
    ['cut off in the middle', () => app.sandbox.control.bills.spoil('truncated')],
    [
      'that does not add up',
      (day) => {
        const text = app.sandbox.control.bills.read(day) ?? '';
        app.sandbox.control.bills.replace(day, text.replace(/`1,([^\n]*\n)$/, '`2,$1'));
      },
    ],
    [
      'without its summary',
      (day) => {
        const text = app.sandbox.control.bills.read(day) ?? '';
        app.sandbox.control.bills.replace(day, text.slice(0, text.indexOf('总交易单数')));
      },
    ],
  ];
  it.each(REFUSED)('%s finds nothing, is told once and tried again', async (_name, spoil) => {
    const { day } = await oneDay();
    await morning();
    const told = (await titles()).filter((title) => title === '微信账单无法核对').length;
    spoil(day);
    await app.drain();
    expect(await runOf(app, day)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('damaged'),
      difference_count: 0,
    });
    expect(await differencesOf(app, day)).toEqual([]);
    expect(await table('bill_lines').where('run_id', (await runOf(app, day))?.id ?? 0)).toEqual([]);
    app.sandbox.control.bills.replace(day);
    await app.advance(31 * MINUTE_MS);
    await app.drain();
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', open_count: 0 });
    expect((await titles()).filter((title) => title === '微信账单无法核对')).toHaveLength(told + 1);
  });

  it('that WeChat refuses is shown, and asked for again the next day', async () => {
    const { day } = await oneDay();
    await morning();
    const refuse = { host: 'pay', kind: 'business', path: BILL, status: 403, code: 'NO_AUTH' } as const;
    app.sandbox.control.addFault(refuse);
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('NO_AUTH'),
    });
    app.sandbox.control.clearFaults();
    await morning();
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({ status: 'completed' });
  });
});

describe('near midnight', () => {
  /** Two days with a payment each; ours of the first counts as paid a second before midnight. */
  async function twoDays() {
    const { day, number } = await oneDay();
    const next = await goToNextDay(app, '09:00:00');
    await payOn(next);
    await table('payments')
      .where('payment_number', number)
      .update({ paid_at: new Date(`${day}T23:59:59+08:00`) });
    await morning();
    return { day, next, number };
  }
  const findingsOf = async (...days: string[]) =>
    (await Promise.all(days.map((day) => differencesOf(app, day))))
      .flat()
      .map((row) => [row.kind, row.subject]);

  it('a payment may stand in the bill of the next day', async () => {
    const { day, next } = await twoDays();
    const { rows } = readBill(app, day);
    changeBill(app, day, () => []);
    changeBill(app, next, (own) => [...rows, ...own]);
    await reconcileDue(app);
    expect((await runOf(app, next))?.payment_count).toBe(2);
    expect(await findingsOf(day, next)).toEqual([]);
    await ask(day).expect(202);
    await reconcileDue(app);
    expect(await findingsOf(day, next)).toEqual([]);
  });

  it('one that stands in neither bill is found, and shown once however often both days are compared', async () => {
    const { day, next, number } = await twoDays();
    changeBill(app, day, () => []);
    await reconcileDue(app);
    expect(await findingsOf(day, next)).toEqual([['payment_missing_there', number]]);
    for (const again of [day, next, day]) {
      await ask(again).expect(202);
      await reconcileDue(app);
    }
    expect(await findingsOf(day, next)).toEqual([['payment_missing_there', number]]);
  });
});

describe('one day', () => {
  it('is compared by one process at a time, and not again when it is done', async () => {
    const { day } = await oneDay();
    await morning();
    await ask(day).expect(202);
    const outcomes = await Promise.all([reconcileDay(day), reconcileDay(day), reconcileDay(day)]);
    expect(outcomes.filter((outcome) => outcome instanceof Date)).toHaveLength(2);
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', attempt: 1 });
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  it('keeps the lines of a bill for the days around, and no longer', async () => {
    const lines = (await table('bill_lines').distinct('run_id')) as { run_id: number }[];
    const runs = (await table('reconciliation_runs').whereIn(
      'id',
      lines.map((line) => line.run_id),
    )) as { bill_date: string }[];
    const latest =
      runs
        .map((run) => run.bill_date)
        .sort()
        .at(-1) ?? '';
    const ages = runs.map((run) => (Date.parse(latest) - Date.parse(run.bill_date)) / 86_400_000);
    expect(Math.max(...ages)).toBeLessThanOrEqual(10);
    expect(((await rowsOf(app, RUN_UID)) as unknown[]).length).toBeGreaterThan(runs.length);
  });
});
