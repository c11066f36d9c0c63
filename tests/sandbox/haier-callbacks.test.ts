import { YLH_RETRY_DELAYS_MS, startSandbox, type CallbackVariant, type Sandbox } from '../../sandbox';
import { startShop, takenAnswer, type Shop } from './support/callback-shop';
import { YlhClient, type Json } from './support/suppliers';

describe('call-backs of YLH', () => {
  let sandbox: Sandbox;
  let ylh: YlhClient;
  let shop: Shop;

  beforeAll(async () => {
    sandbox = await startSandbox();
    shop = await startShop(sandbox.env.YLH_CALLBACK_SECRET ?? '');
  });
  afterAll(async () => {
    await sandbox.stop();
    await shop.close();
  });
  beforeEach(async () => {
    await sandbox.control.reset();
    sandbox.control.ylh.callbacks.url(shop.url);
    Object.assign(shop, { received: [], answer: takenAnswer, status: 200, silent: false });
    ylh = await new YlhClient(sandbox).signIn();
  });

  const control = (): Sandbox['control']['ylh'] => sandbox.control.ylh;
  const callbacks = (): ReturnType<Sandbox['control']['ylh']['callbacks']['list']> =>
    control().callbacks.list();
  const lastReceived = async (): Promise<Shop['received'][0]> => {
    await sandbox.control.idle();
    const last = shop.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return last;
  };

  test('a confirmed order is told to the shop, signed as the contract says', async () => {
    const { soId, onlineNo, retailOrderNo } = await ylh.placed();
    control().confirm(soId);
    const { headers, fields, data, isSigned } = await lastReceived();
    expect(shop.received).toHaveLength(1);
    expect(isSigned).toBe(true);
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(fields).toMatchObject({
      AppKey: sandbox.env.YLH_CALLBACK_APP_KEY,
      Method: 'hmm.scm_heorder.confirm',
    });
    const beijing = new Date(sandbox.control.clock.now().getTime() + 8 * 3_600_000).toISOString();
    expect(fields.TimeStamp?.slice(0, 10)).toBe(beijing.replace(/\D/g, '').slice(0, 10));
    expect(data).toEqual({ ExtOrderNo: retailOrderNo, PlatformOrderNo: onlineNo, State: 1 });
    expect(callbacks()).toMatchObject([{ delivered: true, attempts: [{ accepted: true, problems: [] }] }]);
  });

  test('refused, out of stock, cancelled by Haier and rejected at the door, each with its own words', async () => {
    const orders = await Promise.all(Array.from({ length: 4 }, () => ylh.placed()));
    const [refused, missing, cancelled, rejected] = orders.map(({ soId }) => soId) as [
      string,
      string,
      string,
      string,
    ];
    control().refuse(refused, { message: '地址不在配送范围' });
    expect((await lastReceived()).data).toMatchObject({
      ExtOrderNo: '',
      State: 0,
      FailMsg: '地址不在配送范围',
    });
    control().outOfStock(missing);
    expect((await lastReceived()).fields.Method).toBe('hmm.scm_heorder.oostock');
    control().cancel(cancelled);
    expect(await lastReceived()).toMatchObject({
      fields: { Method: 'hmm.scm_heorder.cancel' },
      data: {
        State: 1,
        totalQty: 1,
        itemList: [{ productCode: 'DEMO-F03', receiveQty: 0, returnQty: 1, rejectQty: 0 }],
      },
    });
    control().confirm(rejected);
    control().ship(rejected);
    control().reject(rejected, { itemList: 'json' });
    const last = await lastReceived();
    expect(last.data.State).toBe(2);
    expect(JSON.parse(String(last.data.itemList))).toEqual([
      { productCode: 'DEMO-F03', receiveQty: 0, returnQty: 0, rejectQty: 1 },
    ]);
    expect(shop.received.every(({ isSigned }) => isSigned)).toBe(true);
    const stages = control()
      .orders()
      .map(({ stage }) => stage);
    expect(stages).toEqual(['refused', 'out_of_stock', 'cancelled', 'rejected']);
  });

  test('the verdict on a cancel may be yes, no, or partly', async () => {
    const states = [];
    for (const verdict of ['done', 'failed', 'partly'] as const) {
      const { soId } = await ylh.placed();
      await ylh.cancel(soId);
      control().decideCancel(soId, verdict);
      states.push((await lastReceived()).data.State);
    }
    expect(states).toEqual([1, 0, 2]);
    const stages = control()
      .orders()
      .map(({ stage }) => stage);
    expect(stages).toEqual(['cancelled', 'created', 'cancelled']);
  });

  test('State may be text', async () => {
    control().habits({ stateType: 'string' });
    const { soId } = await ylh.placed();
    control().confirm(soId);
    expect((await lastReceived()).data.State).toBe('1');
  });

  test('a step that cannot happen throws; announcing it anyway is possible', async () => {
    const { soId, onlineNo, retailOrderNo } = await ylh.placed();
    control().cancel(soId);
    expect(() => control().confirm(soId)).toThrow('is cancelled');
    control().callbacks.announce({
      event: 'confirm',
      data: { ExtOrderNo: retailOrderNo, PlatformOrderNo: onlineNo, State: 1 },
    });
    expect(await lastReceived()).toMatchObject({
      isSigned: true,
      fields: { Method: 'hmm.scm_heorder.confirm' },
    });
    expect(control().order(soId).stage).toBe('cancelled');
    expect(() => control().order('NOBODYS')).toThrow('YLH has no order NOBODYS');
  });

  test('it is repeated by the sandbox clock until the answer is success: true, then no more', async () => {
    shop.answer = () => ({ success: false, code: 'busy', data: {} });
    const { soId } = await ylh.placed();
    control().confirm(soId);
    await sandbox.control.idle();
    expect(callbacks()).toMatchObject([{ delivered: false, attempts: [{ accepted: false, problems: [] }] }]);
    await sandbox.control.clock.advance((YLH_RETRY_DELAYS_MS[0] ?? 0) - 2_000);
    expect(shop.received).toHaveLength(1);
    await sandbox.control.clock.advance(3_000);
    expect(shop.received).toHaveLength(2);
    shop.answer = takenAnswer;
    await sandbox.control.clock.advance(7 * 86_400_000);
    expect(shop.received).toHaveLength(3);
    const [first, second, third] = shop.received.map(({ fields }) => fields);
    expect([first?.Data, second?.Data]).toEqual([third?.Data, third?.Data]);
    expect(third?.TimeStamp).not.toBe(first?.TimeStamp);
    expect(shop.received.every(({ isSigned }) => isSigned)).toBe(true);
  });

  test('it gives up after the last repetition', async () => {
    shop.status = 500;
    const { soId } = await ylh.placed();
    control().confirm(soId);
    await sandbox.control.idle();
    await sandbox.control.clock.advance(30 * 86_400_000);
    expect(shop.received).toHaveLength(1 + YLH_RETRY_DELAYS_MS.length);
    const [callback] = callbacks();
    expect(callback).toMatchObject({ delivered: false });
    expect(callback).not.toHaveProperty('nextAttemptAt');
  });

  test.each<[string, Json | string, number, boolean, string]>([
    ['nothing but success', { success: true }, 200, true, 'data'],
    ['the right answer with 201', 'right', 201, false, 'HTTP 201'],
    ['a refusal without a code', { success: false, data: {} }, 200, false, 'code'],
    ['text', 'OK', 200, false, 'expected object'],
  ])('%s is noted as what it is', async (_name, answer, status, isTaken, problem) => {
    shop.status = status;
    shop.answer = (received) => (answer === 'right' ? takenAnswer(received) : answer);
    const { soId } = await ylh.placed();
    control().confirm(soId);
    await sandbox.control.idle();
    const [callback] = callbacks();
    expect(callback).toMatchObject({ delivered: isTaken, attempts: [{ accepted: isTaken }] });
    expect(callback?.attempts[0]?.problems.join('; ')).toContain(problem);
  });

  test('a call that is not answered ends after five seconds and is repeated', async () => {
    shop.silent = true;
    const { soId } = await ylh.placed();
    control().confirm(soId);
    await sandbox.control.clock.advance(5_000);
    expect(callbacks()).toMatchObject([{ attempts: [{ error: 'no answer within 5 s' }] }]);
    shop.silent = false;
    await sandbox.control.clock.advance(60_000);
    expect(callbacks()).toMatchObject([{ delivered: true }]);
  });

  test('early: the call-back is made and answered before the order is', async () => {
    const order = ylh.order();
    let known: string | undefined;
    shop.answer = (received) => {
      known = control().order(order.soId).stage;
      return takenAnswer(received);
    };
    control().script({ outcome: 'confirm', early: true });
    const answer = await ylh.create(order);
    // No waiting: it must have arrived by now.
    expect(shop.received).toHaveLength(1);
    expect(known).toBe('confirmed');
    expect(shop.received[0]?.data.ExtOrderNo).toBe(
      (answer.body as { data: { retailOrderNo: string } }).data.retailOrderNo,
    );
  });

  test('early, and the answer to the order is lost', async () => {
    control().script({ outcome: 'out-of-stock', early: true });
    sandbox.control.addFault({ host: 'ylh', kind: 'lose-answer', times: 1 });
    await expect(ylh.create(ylh.order())).rejects.toThrow();
    expect(shop.received).toHaveLength(1);
    expect(control().orders()).toMatchObject([{ stage: 'out_of_stock' }]);
  });

  test('late and in the wrong order: held, and sent when told', async () => {
    const { soId } = await ylh.placed();
    const confirm = control().confirm(soId, { hold: true });
    const cancel = control().cancel(soId, { hold: true });
    await sandbox.control.clock.advance(86_400_000);
    expect(shop.received).toEqual([]);
    expect(callbacks()).toMatchObject([{ held: true }, { held: true }]);
    expect(await control().callbacks.resend(cancel.id)).toMatchObject({ accepted: true });
    await control().callbacks.resend(confirm.id);
    expect(shop.received.map(({ fields }) => fields.Method)).toEqual([
      'hmm.scm_heorder.cancel',
      'hmm.scm_heorder.confirm',
    ]);
  });

  test('twice: copies at the same moment have the same content', async () => {
    const { soId } = await ylh.placed();
    const { id } = control().confirm(soId, { hold: true });
    expect(await control().callbacks.copies(id, 5)).toHaveLength(5);
    expect(new Set(shop.received.map(({ fields }) => fields.Data)).size).toBe(1);
    await expect(control().callbacks.resend('nothing')).rejects.toThrow('no call-back nothing');
  });

  test.each<[CallbackVariant, boolean, Json]>([
    ['wrong-signature', false, {}],
    ['missing-signature', false, {}],
    ['other-secret', false, {}],
    ['empty-secret', false, {}],
    ['altered-data', false, {}],
    ['other-app-key', true, { fields: { AppKey: 'somebody-else' } }],
    ['old-timestamp', true, {}],
    ['future-timestamp', true, {}],
    ['broken-timestamp', true, { fields: { TimeStamp: '20261399999999' } }],
    ['unknown-method', true, { fields: { Method: 'hmm.scm_heorder.unheard' } }],
    ['unknown-order', true, { data: { PlatformOrderNo: 'NOBODYS-ORDER-0001' } }],
    ['blank-ext-order-no', true, { data: { ExtOrderNo: '', State: 1 } }],
    ['blank-platform-order-no', true, { data: { PlatformOrderNo: '' } }],
    ['data-not-json', true, { data: {} }],
    ['extra-blank-field', true, { fields: { Remark: ' ' } }],
  ])('variant %s', async (variant, isSigned, expected) => {
    const { soId } = await ylh.placed();
    const { id } = control().confirm(soId, { hold: true });
    shop.answer = () => ({ success: false, code: 'no', data: {} });
    expect(await control().callbacks.send(id, variant)).toMatchObject({ kind: variant, accepted: false });
    const received = await lastReceived();
    expect(received).toMatchObject({ isSigned, ...expected });
    const stamp = received.fields.TimeStamp ?? '';
    const honest = new Date(sandbox.control.clock.now().getTime() + 8 * 3_600_000);
    const isOtherHour = stamp.slice(0, 10) !== honest.toISOString().replace(/\D/g, '').slice(0, 10);
    expect(isOtherHour).toBe(variant.endsWith('timestamp'));
    // A variant is nothing that counts for the honest one.
    expect(callbacks()).toMatchObject([{ held: true, delivered: false }]);
  });

  test('variants json-body and no-state', async () => {
    const { soId } = await ylh.placed();
    const { id } = control().confirm(soId, { hold: true });
    await control().callbacks.send(id, 'json-body');
    const { headers, raw } = await lastReceived();
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(raw)).toMatchObject({ Method: 'hmm.scm_heorder.confirm' });
    await control().callbacks.send(id, 'no-state');
    expect((await lastReceived()).data).not.toHaveProperty('State');
  });

  test('without an address nothing is sent; it is once there is one', async () => {
    control().callbacks.url();
    const { soId } = await ylh.placed();
    control().confirm(soId);
    await sandbox.control.idle();
    expect(callbacks()).toMatchObject([{ attempts: [{ error: 'no call-back address is set' }] }]);
    control().callbacks.url(shop.url);
    await sandbox.control.clock.advance(20_000);
    expect(callbacks()).toMatchObject([{ delivered: true }]);
  });

  test('only loopback is called', async () => {
    control().callbacks.url('https://shop.example/callback');
    const { soId } = await ylh.placed();
    control().confirm(soId);
    await sandbox.control.idle();
    expect(callbacks()[0]?.attempts[0]?.error).toContain('not loopback');
  });
});
