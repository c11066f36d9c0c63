import { startSandbox, type Sandbox } from '../../sandbox';
import { HaierClient, YlhClient, type Json } from './support/suppliers';

const END_OF_DAY = Date.parse('2031-05-01T23:59:59+08:00');
const NEXT_DAY = END_OF_DAY + 86_400_000;
const item = (changes: Json = {}): Json => ({
  productCode: 'DEMO-F03',
  itemQty: 1,
  retailPrice: 5499,
  discountAmount: 200,
  actualPrice: 5299,
  ...changes,
});

describe('orders at YLH', () => {
  let sandbox: Sandbox;
  let ylh: YlhClient;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    ylh = await new YlhClient(sandbox).signIn();
  });

  test('an order is taken once: the so id sent again is refused, and nothing is taken twice', async () => {
    const order = ylh.order();
    expect(await ylh.create(order)).toMatchObject({
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

  test('twenty pushes of one so id at once make one order', async () => {
    const order = ylh.order();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ylh.create(order)));
    expect(answers.filter(({ body }) => (body as Json).success === true)).toHaveLength(1);
    expect(sandbox.control.ylh.orders()).toMatchObject([{ repeats: 19 }]);
  });

  test('the wording of the refusal of a repeat can be set', async () => {
    const { soId, retailOrderNo } = await ylh.placed();
    const message = 'order {soId} was pushed already as {retailOrderNo}';
    sandbox.control.ylh.habits({ duplicate: { code: 'E-17', message, carriesOrder: true } });
    expect((await ylh.create(ylh.order({ soId }))).body).toEqual({
      success: false,
      code: 'E-17',
      message: `order ${soId} was pushed already as ${retailOrderNo}`,
      data: { soId, retailOrderNo },
    });
  });

  test('a full order with both times on one day, a gift and a subsidy is taken as it is', async () => {
    const order = ylh.order({
      remark: '送货前请电话联系',
      town: '沙子口街道',
      distributionTime: END_OF_DAY,
      installTime: END_OF_DAY,
      deliveryInstall: 'true',
      governmentOrder: true,
      totalQty: 2,
      itemList: [
        item(),
        item({
          productCode: 'FB0SB1K02',
          retailPrice: 99.9,
          discountAmount: 99.9,
          actualPrice: 0,
          isGift: true,
        }),
      ],
    });
    expect((await ylh.create(order)).body).toMatchObject({ success: true });
    expect(sandbox.control.ylh.order(order.soId)).toMatchObject({
      request: order,
      distributionTime: new Date(END_OF_DAY).toISOString(),
    });
  });

  test('delivery and installation on two days is not deliveryInstall', async () => {
    const times = { distributionTime: END_OF_DAY, installTime: NEXT_DAY };
    const together = await ylh.create(ylh.order({ ...times, deliveryInstall: 'true' }));
    expect(together.status).toBe(400);
    expect((await ylh.create(ylh.order({ ...times, deliveryInstall: 'false' }))).status).toBe(200);
  });

  test('a street called after a city or a district is no repetition', async () => {
    const detailAddress = '山东路 9 号，崂山区政府对面';
    expect((await ylh.create(ylh.order({ detailAddress }))).body).toMatchObject({ success: true });
  });

  test.each<[string, Json]>([
    ['createTime in seconds', { createTime: 1_700_000_000 }],
    ['createTime as text', { createTime: '1900000000000' }],
    ['mistake 1: the province again in the street', { detailAddress: '山东省青岛市崂山区海尔路 1 号' }],
    ['mistake 1: the city again in the street', { detailAddress: ' 青岛市 崂山区海尔路 1 号' }],
    ['the names in a row further on', { detailAddress: '海尔路 1 号（青岛市崂山区）' }],
    [
      'mistake 1: line totals instead of one piece',
      { totalAmt: 10_598, totalQty: 2, itemList: [item({ itemQty: 2, actualPrice: 10_598 })] },
    ],
    ['two appliances in one line', { totalAmt: 10_598, totalQty: 2, itemList: [item({ itemQty: 2 })] }],
    ['two appliances in two lines', { totalAmt: 10_598, totalQty: 2, itemList: [item(), item()] }],
    ['a price that is not retail less discount', { itemList: [item({ discountAmount: 100 })] }],
    ['an item without discountAmount', { itemList: [item({ discountAmount: undefined })] }],
    [
      'a negative discount',
      { itemList: [item({ discountAmount: -200, actualPrice: 5699 })], totalAmt: 5699 },
    ],
    ['thousandths of a yuan', { itemList: [item({ discountAmount: 0, actualPrice: 5499.001 })] }],
    ['a distribution time at noon', { distributionTime: END_OF_DAY - 12 * 3_600_000 }],
    ['23:59:59 of another time zone', { distributionTime: Date.parse('2031-05-01T23:59:59Z') }],
    ['a time in seconds', { distributionTime: END_OF_DAY / 1_000 }],
    ['deliveryInstall true without times', { deliveryInstall: 'true' }],
    ['deliveryInstall as a boolean', { deliveryInstall: false }],
    ['deliveryInstall false with equal times', { distributionTime: END_OF_DAY, installTime: END_OF_DAY }],
    ['deliveryInstall true with one time', { distributionTime: END_OF_DAY, deliveryInstall: 'true' }],
    ['deliveryInstall left out', { deliveryInstall: undefined }],
    ['an amount as a string', { totalAmt: '5299' }],
    ['an amount that does not add up', { totalAmt: 5499 }],
    ['a quantity that does not add up', { totalQty: 2 }],
    ['a seller code that is no code', { sellerCode: '12' }],
    ['governmentOrder as text', { governmentOrder: 'true' }],
    ['null for a field that is text', { remark: null }],
    ['no consignee', { consigneeName: '' }],
    ['no mobile', { consigneeMobile: undefined }],
    ['no so id', { soId: '' }],
    ['a field nobody knows', { retailNo: '1' }],
    ['no lines', { itemList: [] }],
  ])('%s is refused with 400', async (_name, changes) => {
    const answer = await ylh.create(ylh.order(changes));
    expect(answer).toMatchObject({ status: 400, body: { success: false } });
    expect(sandbox.control.ylh.orders()).toEqual([]);
  });

  test.each<[string, Json, number]>([
    ['another source system', { sourceSystem: 'OTHER' }, 403],
    ['another shop name', { shopName: 'OTHER' }, 200],
    ['another seller', { sellerCode: '12345678' }, 200],
    ['a product Haier does not know', { itemList: [item({ productCode: 'NOTHING' })] }, 200],
  ])('%s is not taken', async (_name, changes, status) => {
    const answer = await ylh.create(ylh.order(changes));
    expect(answer).toMatchObject({ status, body: { success: false } });
    expect(sandbox.control.ylh.orders()).toEqual([]);
  });

  test('a cancel is a wish: cancelTime is text, an unknown so id is refused, the verdict comes later', async () => {
    const { soId } = await ylh.placed();
    expect((await ylh.cancel(soId, { cancelTime: Date.now() })).status).toBe(400);
    expect((await ylh.cancel(soId, { cancelTime: '1700000000' })).status).toBe(400);
    expect((await ylh.cancel(soId, { cancelReason: '' })).status).toBe(400);
    expect((await ylh.cancel('NOBODYS')).body).toMatchObject({ success: false, code: 'ORDER_NOT_FOUND' });
    expect((await ylh.cancel(soId)).body).toMatchObject({ success: true });
    // Asked again while the first is open: taken, without a second effect.
    expect((await ylh.cancel(soId)).body).toMatchObject({ success: true });
    expect(sandbox.control.ylh.order(soId)).toMatchObject({
      stage: 'created',
      cancel: { reason: '不想要了' },
    });
    sandbox.control.ylh.decideCancel(soId, 'done');
    expect(sandbox.control.ylh.order(soId)).toMatchObject({
      stage: 'cancelled',
      cancel: { verdict: 'done' },
    });
    expect((await ylh.cancel(soId)).body).toMatchObject({ success: false, code: 'ALREADY_CANCELLED' });
    expect(() => sandbox.control.ylh.decideCancel(soId, 'done')).toThrow('verdict is out');
  });

  test('what has been delivered can be neither cancelled nor moved', async () => {
    const { soId, retailOrderNo } = await ylh.placed();
    sandbox.control.ylh.confirm(soId);
    sandbox.control.ylh.ship(soId);
    sandbox.control.ylh.deliver(soId);
    expect((await ylh.cancel(soId)).body).toMatchObject({ success: false, code: 'ORDER_STATE' });
    const moved = await ylh.reschedule({ retailOrderNo, distributionTime: NEXT_DAY });
    expect(moved.body).toMatchObject({ success: false, code: 'ORDER_STATE' });
  });

  test('a delivery is moved to the end of another day, by YLH’s number', async () => {
    const { soId, retailOrderNo } = await ylh.placed();
    expect((await ylh.reschedule({ retailOrderNo })).status).toBe(400);
    expect((await ylh.reschedule({ retailOrderNo, distributionTime: NEXT_DAY - 1_000 })).status).toBe(400);
    expect((await ylh.reschedule({ retailOrderNo: soId, installTime: NEXT_DAY })).body).toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
    const moved = await ylh.reschedule({ retailOrderNo, distributionTime: NEXT_DAY, installTime: NEXT_DAY });
    expect(moved.body).toMatchObject({ success: true });
    expect(sandbox.control.ylh.order(soId)).toMatchObject({
      distributionTime: new Date(NEXT_DAY).toISOString(),
      installTime: new Date(NEXT_DAY).toISOString(),
    });
  });

  test('tracking takes a bare list of at most a hundred codes and leaves out what it does not know', async () => {
    const [shipped, waiting] = [await ylh.placed(), await ylh.placed()];
    sandbox.control.ylh.confirm(shipped.soId);
    sandbox.control.ylh.ship(shipped.soId, { company: '顺丰速运', logisticsNo: 'SF1', snCode: 'SN1' });
    const answer = await ylh.tracking([shipped.retailOrderNo, waiting.retailOrderNo, 'SO.20200101.000001']);
    expect((answer.body as Json).data).toEqual([
      {
        orderCode: shipped.retailOrderNo,
        deliveryRecordCode: expect.stringMatching(/^DR\./),
        logisticsList: [{ logisticsCompany: '顺丰速运', logisticsNo: 'SF1', snCode: 'SN1' }],
      },
      { orderCode: waiting.retailOrderNo, deliveryRecordCode: null, logisticsList: [] },
    ]);
    const many = Array.from({ length: 101 }, (_, index) => `SO.${index}`);
    expect((await ylh.tracking(many)).status).toBe(400);
    expect((await ylh.tracking(many.slice(1))).body).toMatchObject({ data: [] });
    expect((await ylh.tracking([])).status).toBe(400);
    expect((await ylh.tracking({ orderCodes: [] })).status).toBe(400);
  });

  test('photos are there when they have been taken, and can be looked at', async () => {
    const { soId, retailOrderNo } = await ylh.placed();
    expect((await ylh.photos(retailOrderNo)).body).toMatchObject({ success: true, data: [] });
    expect((await ylh.photos('NOTHING')).body).toMatchObject({ success: false });
    sandbox.control.ylh.confirm(soId);
    sandbox.control.ylh.ship(soId);
    sandbox.control.ylh.deliver(soId);
    sandbox.control.ylh.photograph(soId);
    const { data } = (await ylh.photos(retailOrderNo)).body as { data: { imageUrl: string }[] };
    expect(data).toMatchObject([
      { imageType: '配送照片', uploadTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) },
      { imageType: '安装照片' },
    ]);
    const picture = await fetch(data[0]?.imageUrl ?? '');
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  });

  test('where an order is stands in one of three lists at Haier', async () => {
    const haier = await new HaierClient(sandbox).signIn();
    const { soId, retailOrderNo } = await ylh.placed();
    sandbox.control.ylh.confirm(soId);
    const lists = async (): Promise<Json> => (await haier.logistics(retailOrderNo)).body as Json;
    expect((await lists()).data).toEqual({
      getAllLogisticsInfoByOrderCode: [],
      getStockDeliveryLogisticsRecord: [],
      getStockDeliveryLogisticsRecordThirdparty: [],
    });
    sandbox.control.ylh.ship(soId, { carrier: 'thirdParty', logisticsNo: 'YT1' });
    sandbox.control.haier.habits({ emptyLists: 'absent' });
    expect((await lists()).data).toEqual({
      getStockDeliveryLogisticsRecordThirdparty: [
        {
          logisticsCompany: '日日顺物流',
          logisticsNo: 'YT1',
          status: '运输中',
          traces: [
            expect.objectContaining({ status: '已出库' }),
            expect.objectContaining({ status: '运输中' }),
          ],
        },
      ],
    });
    sandbox.control.ylh.deliver(soId);
    sandbox.control.haier.habits({ emptyLists: 'null' });
    expect((await lists()).data).toMatchObject({
      getAllLogisticsInfoByOrderCode: null,
      getStockDeliveryLogisticsRecordThirdparty: [{ status: '已签收' }],
    });
    expect((await haier.logistics('SO.20190106.000003')).body).toMatchObject({ success: false });
    expect((await haier.logistics(retailOrderNo, { sellerPassword: 'wrong' })).body).toMatchObject({
      code: 'PASSWORD_ERROR',
    });
  });
});
