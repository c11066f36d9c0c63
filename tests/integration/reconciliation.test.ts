import { startApp, type TestApp } from '../support/app';
import {
  changeBill,
  DIFFERENCE_UID,
  type DifferenceColumns,
  differencesOf,
  goToNextDay,
  reconcileDue,
  runOf,
} from '../support/factories/bills';
import { createBuyer, placeOrder, readOrder } from '../support/factories/orders';
import { type PanelUser, rowsOf } from '../support/factories/panel';
import {
  beginDay,
  createDifferingDay,
  type DifferingDay,
  letRefundsArrive,
} from '../support/reconciliation-world';

let app: TestApp;

const table = (name: string) => app.strapi.db.connection(name);

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

describe('a day on which bill and books agree', () => {
  it('has no differences, whatever may honestly differ', async () => {
    const older = await beginDay(app);
    const { order: paidBefore } = await older.pay();
    const { day, pay, product, refund } = await beginDay(app);
    const { order } = await pay();
    await refund(order.documentId, 10);
    await letRefundsArrive(app);
    // Of an older payment; it arrives days after the bill was made.
    app.sandbox.control.refunds.script({ outcome: 'PROCESSING' });
    const slow = await refund(paidBefore.documentId, 20);
    // Cannot be paid out, and staff are told: no difference either.
    await app.advance(61_000);
    app.sandbox.control.refunds.script({ outcome: 'ABNORMAL' });
    await refund(order.documentId, 5);
    await letRefundsArrive(app);
    await placeOrder(app, await createBuyer(app), product);
    await goToNextDay(app, '10:30:00');
    app.sandbox.control.refunds.settle(slow, 'SUCCESS');
    await app.sandbox.control.idle();
    await reconcileDue(app);
    expect(await runOf(app, day)).toMatchObject({
      status: 'completed',
      payment_count: 1,
      refund_count: 3,
      difference_count: 0,
      open_count: 0,
      error: null,
      bill_hash: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(await runOf(app, older.day)).toMatchObject({
      status: 'completed',
      payment_count: 1,
      refund_count: 0,
    });
    expect(await rowsOf(app, DIFFERENCE_UID)).toEqual([]);
  });
});

describe('a day with every kind of difference', () => {
  let day: string;
  let merchant: PanelUser;
  let buyer: DifferingDay['buyer'];
  let number: DifferingDay['number'];
  let orders: DifferingDay['orders'];

  beforeAll(async () => {
    ({ day, merchant, buyer, number, orders } = await createDifferingDay(app));
  });

  const pick = async (isIt: (row: DifferenceColumns) => boolean): Promise<DifferenceColumns> => {
    const row = (await differencesOf(app, day)).find(isIt);
    if (row === undefined) throw new Error('no such difference was found');
    return row;
  };
  const found = (kind: string) => pick((row) => row.kind === kind);
  const about = (subject: string | undefined) => pick((row) => row.subject === subject);
  const press = (difference: DifferenceColumns, button: 'mend' | 'ignore', body: object = {}) =>
    merchant
      .call('post', `/back-office/reconciliation/differences/${difference.document_id}/${button}`)
      .send(body);
  const compareAgain = async () => {
    await merchant.call('post', '/back-office/reconciliation/runs').send({ billDate: day }).expect(202);
    await reconcileDue(app);
  };

  it('finds each of them, and nothing else', async () => {
    const kinds = (await differencesOf(app, day)).map(({ kind, subject }) => `${kind} ${subject}`).sort();
    expect(kinds).toEqual(
      [
        'payment_missing_here P-NOBODY-KNOWS',
        `payment_missing_there ${number.unbilled}`,
        `payment_amount ${number.amount}`,
        `payment_amount ${number.otherAmount}`,
        `payment_state ${number.unheard}`,
        `payment_double ${number.repeated}`,
        `payment_double ${number.second}`,
        'refund_missing_here R-NOBODY-KNOWS',
        `refund_missing_there ${number.refundUnbilled}`,
        `refund_amount ${number.refundAmount}`,
        `refund_state ${number.refundState}`,
      ].sort(),
    );
    expect(await runOf(app, day)).toMatchObject({
      status: 'completed',
      difference_count: 11,
      open_count: 11,
    });
    expect(await found('payment_amount')).toMatchObject({
      our_status: 'succeeded',
      their_status: 'SUCCESS',
      status: 'open',
    });
    const { our_amount: ours, their_amount: theirs } = await found('payment_amount');
    expect([Number(ours), Number(theirs)]).toEqual([100, 99.99]);
  });

  it('tells staff once, with the count', async () => {
    const notices = (await rowsOf(app, 'api::notification.notification')) as {
      title: string;
      content: string;
    }[];
    const told = notices.filter(({ title }) => title.includes('账单与系统记录不一致'));
    expect(told.map(({ content }) => content)).toEqual([expect.stringContaining('11 项新差异')]);
  });

  it('shows them in the panel with what can be done', async () => {
    const mends = new Map<string, unknown>();
    for (const { document_id, kind } of await differencesOf(app, day)) {
      const file = await merchant.call('get', `/back-office/reconciliation/differences/${document_id}`);
      expect(file.status).toBe(200);
      mends.set(kind, file.body.data.mend);
    }
    expect(Object.fromEntries(mends)).toEqual({
      payment_missing_here: null,
      payment_missing_there: 'ask_payment',
      payment_amount: 'ask_payment',
      payment_state: 'ask_payment',
      payment_double: 'return_surplus',
      refund_missing_here: null,
      refund_missing_there: 'ask_refund',
      refund_amount: 'ask_refund',
      refund_state: 'ask_refund',
    });
    const desk = await merchant.call('get', '/back-office/reconciliation');
    expect(desk.body.data).toMatchObject({ openDifferences: 11 });
    expect(desk.body.data.runs[0]).toMatchObject({ billDate: day, status: 'completed', openCount: 11 });
  });

  it('mends a payment we had not heard of: WeChat is asked, the order goes on', async () => {
    expect(await readOrder(app, buyer, orders.unheard ?? '')).toMatchObject({ status: 'pending' });
    const mended = await press(await found('payment_state'), 'mend');
    expect([mended.status, mended.body.data]).toMatchObject([200, { status: 'resolved', mend: null }]);
    expect(await readOrder(app, buyer, orders.unheard ?? '')).toMatchObject({ status: 'paid' });
    expect(await found('payment_state')).toMatchObject({
      status: 'resolved',
      resolved_by: `staff:admin:${merchant.id}`,
    });
    expect(await runOf(app, day)).toMatchObject({ open_count: 10 });
    const again = await press(await found('payment_state'), 'mend');
    expect([again.status, again.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
  });

  it('mends a refund whose arrival we missed', async () => {
    expect((await press(await found('refund_state'), 'mend')).status).toBe(200);
    const row = await table('refunds').where('refund_number', number.refundState).first();
    expect(row).toMatchObject({ status: 'succeeded' });
  });

  it('mends money of another amount than the books ask for: all of it goes back', async () => {
    const answer = await press(await about(number.otherAmount), 'mend');
    expect([answer.status, answer.body.data]).toMatchObject([200, { status: 'resolved' }]);
    const payment = await table('payments').where('payment_number', number.otherAmount).first();
    expect([payment.status, Number(payment.received_amount)]).toEqual(['succeeded', 100]);
    const back = await table('refunds').where({ kind: 'surplus', payment_id: payment.id });
    expect(back.map(({ amount }) => Number(amount))).toEqual([100]);
    expect(await readOrder(app, buyer, orders.otherAmount ?? '')).toMatchObject({ status: 'pending' });
  });

  it('confirms what the bill lacks but WeChat knows', async () => {
    for (const kind of ['payment_missing_there', 'refund_missing_there', 'payment_amount', 'refund_amount']) {
      // WeChat's own word is the books' here: the bill alone was changed.
      expect([kind, (await press(await found(kind), 'mend')).status]).toEqual([kind, 200]);
      expect(await found(kind)).toMatchObject({ status: 'resolved' });
    }
  });

  it('sends a second payment back once, however often and by how many it is pressed', async () => {
    const second = await about(number.second);
    const answers = await Promise.all([press(second, 'mend'), press(second, 'mend')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const back = await table('refunds')
      .join('payments', 'payments.id', 'refunds.payment_id')
      .where({ kind: 'surplus', payment_number: number.second })
      .select('refunds.*');
    expect(back.map(({ amount, status, decided_by }) => [Number(amount), status, decided_by])).toEqual([
      [100, 'approved', `staff:admin:${merchant.id}`],
    ]);
    expect(await readOrder(app, buyer, orders.twice ?? '')).toMatchObject({ status: 'paid' });
  });

  it('does not pretend to mend what only a person can, and takes their word with a note', async () => {
    const repeated = await about(number.repeated);
    for (const difference of [
      repeated,
      await found('payment_missing_here'),
      await found('refund_missing_here'),
    ]) {
      const refused = await press(difference, 'mend');
      expect([refused.status, refused.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
      expect((await press(difference, 'ignore', { note: ' ' })).status).toBe(400);
      const marked = await press(difference, 'ignore', { note: '商户平台已核实' });
      expect(marked.body.data).toMatchObject({ status: 'ignored', note: '商户平台已核实' });
    }
    expect(await runOf(app, day)).toMatchObject({ open_count: 0 });
  });

  it('compared again says nothing new: what a person has closed stays closed', async () => {
    const before = await differencesOf(app, day);
    await compareAgain();
    const after = await differencesOf(app, day);
    expect(after.map(({ id, status }) => [id, status])).toEqual(before.map(({ id, status }) => [id, status]));
    expect(await runOf(app, day)).toMatchObject({ attempt: 2, open_count: 0 });
  });

  it('opens a closed one again when the facts are others', async () => {
    changeBill(app, day, (rows) =>
      rows.map((row) => (row.商户订单号 === 'P-NOBODY-KNOWS' ? { ...row, 订单金额: '1.00' } : row)),
    );
    await compareAgain();
    expect(await found('payment_missing_here')).toMatchObject({ status: 'open' });
    expect(await runOf(app, day)).toMatchObject({ open_count: 1 });
  });

  it('closes by itself what is gone, and counts a mended fact only once', async () => {
    changeBill(app, day, (rows) => rows.filter((row) => row.商户订单号 !== 'P-NOBODY-KNOWS'));
    await compareAgain();
    expect(await found('payment_missing_here')).toMatchObject({
      status: 'resolved',
      resolved_by: 'system:reconciliation',
    });
    expect(await runOf(app, day)).toMatchObject({ open_count: 0 });
    const { openDifferences } = (await merchant.call('get', '/back-office/reconciliation')).body.data;
    expect(openDifferences).toBe(0);
  });
});
