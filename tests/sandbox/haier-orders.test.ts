import { startSandbox, type Sandbox } from '../../sandbox';
import { startShop, YlhClient, type Json, type Shop } from './support/suppliers';

const END_OF_DAY = Date.parse('2031-05-01T23:59:59+08:00');

describe('orders at YLH', () => {
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
    shop.received = [];
    ylh = await new YlhClient(sandbox).signIn();
  });

  test('an order is taken once: the so id sent again is refused, and nothing is taken twice', async () => {
    const order = ylh.order();
    const answer = await ylh.create(order);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: true,
        data: { soId: order.soId, retailOrderNo: expect.stringMatching(/^SO\.\d{8}\.\d{6}$/) },
      },
    });
    const again = await ylh.create(order);
    expect(again).toMatchObject({ status: 200, body: { success: false, data: null } });
    expect((again.body as Json).message).toContain(order.soId);
    expect(sandbox.control.ylh.orders()).toMatchObject([{ soId: order.soId, repeats: 1, stage: 'created' }]);
  });

  test('a confirmed order is told to the shop, signed as the contract says', async () => {
    const { soId, onlineNo, retailOrderNo } = await ylh.placed();
    sandbox.control.ylh.confirm(soId);
    await sandbox.control.idle();
    expect(shop.received).toHaveLength(1);
    const [{ headers, fields, data, isSigned }] = shop.received as [Shop['received'][0]];
    expect(isSigned).toBe(true);
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(fields).toMatchObject({
      AppKey: sandbox.env.YLH_CALLBACK_APP_KEY,
      Method: 'hmm.scm_heorder.confirm',
      TimeStamp: expect.stringMatching(/^\d{14}$/),
    });
    expect(data).toEqual({ ExtOrderNo: retailOrderNo, PlatformOrderNo: onlineNo, State: 1 });
    expect(sandbox.control.ylh.callbacks.list()).toMatchObject([
      { delivered: true, attempts: [{ accepted: true, problems: [] }] },
    ]);
  });

  test.each<[string, Json]>([
    ['createTime in seconds', { createTime: 1_700_000_000 }],
    ['an address that begins again', { detailAddress: '山东省青岛市崂山区海尔路 1 号' }],
    ['an address with the city again', { detailAddress: '青岛市崂山区海尔路 1 号' }],
    ['a distribution time at noon', { distributionTime: END_OF_DAY - 12 * 3_600_000 }],
    ['deliveryInstall true without times', { deliveryInstall: 'true' }],
    ['deliveryInstall as a boolean', { deliveryInstall: false }],
    ['deliveryInstall false with equal times', { distributionTime: END_OF_DAY, installTime: END_OF_DAY }],
    ['deliveryInstall true with one time', { distributionTime: END_OF_DAY, deliveryInstall: 'true' }],
    ['an amount as a string', { totalAmt: '5299' }],
    ['an amount that does not add up', { totalAmt: 5499 }],
    ['a seller code that is no code', { sellerCode: '12' }],
    ['no consignee', { consigneeName: '' }],
    ['a field nobody knows', { retailNo: '1' }],
    ['no lines', { itemList: [] }],
  ])('%s is refused with 400', async (_name, changes) => {
    const answer = await ylh.create(ylh.order(changes));
    expect(answer).toMatchObject({ status: 400, body: { success: false } });
    expect(sandbox.control.ylh.orders()).toEqual([]);
  });
});
