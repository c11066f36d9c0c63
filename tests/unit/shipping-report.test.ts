import {
  isTold,
  type KnownShipping,
  MOST_PARCELS,
  type ReportedOrder,
  reportShipping,
} from '../../src/domain/shipping-report';

let lastId = 0;
const order = (changes: Partial<ReportedOrder> = {}): ReportedOrder => {
  lastId += 1;
  return {
    id: lastId,
    orderNumber: `D${lastId}`,
    productName: '冰箱',
    quantity: 1,
    status: 'paid',
    shippedAt: null,
    shippingCompany: null,
    trackingNumber: null,
    ...changes,
  };
};
const shipped = (trackingNumber: string, changes: Partial<ReportedOrder> = {}): ReportedOrder =>
  order({
    status: 'shipped',
    shippedAt: new Date(Date.UTC(2030, 0, 1, 0, lastId)),
    shippingCompany: '日日顺',
    trackingNumber,
    ...changes,
  });
const carrierOf = (name: string) => (name === '日日顺' ? 'RRS' : undefined);
const report = (orders: ReportedOrder[], isSplit = orders.length > 1) =>
  reportShipping(orders, { isSplit, carrierOf });
const known = (trackingNumbers: string[] = [], isFinished = false): KnownShipping => ({
  isFinished,
  trackingNumbers: new Set(trackingNumbers),
});

describe('what WeChat is told of a payment', () => {
  it('is one parcel, and all of it, for one order', () => {
    const one = shipped('T1', { quantity: 2 });
    expect(report([one])).toEqual({
      isSplit: false,
      isAllShipped: true,
      parcels: [{ carrier: 'RRS', trackingNumber: 'T1', description: '冰箱*2', orderIds: [one.id] }],
      untold: [],
    });
  });

  it.each<[string, Partial<ReportedOrder>, boolean]>([
    ['is paid and ships later', { status: 'paid' }, false],
    ['is in refund and may come back', { status: 'refunding' }, false],
    ['was refunded before it shipped', { status: 'refunded' }, true],
    ['was cancelled', { status: 'cancelled' }, true],
    ['waits for other money', { status: 'pending' }, true],
  ])('of a checkout is complete, or not, when the other order %s', (_what, changes, isAllShipped) => {
    const { parcels, ...rest } = report([shipped('T1'), order(changes)]);
    expect([parcels.length, rest.isSplit, rest.isAllShipped]).toEqual([1, true, isAllShipped]);
  });

  it('counts what left, whatever became of the order since', () => {
    const all = report([
      shipped('T1', { status: 'completed' }),
      shipped('T2', { status: 'refunding' }),
      shipped('T3', { status: 'refunded' }),
    ]);
    expect([all.isAllShipped, all.parcels.map(({ trackingNumber }) => trackingNumber)]).toEqual([
      true,
      ['T1', 'T2', 'T3'],
    ]);
  });

  it('names the parcels in the order they left, and orders of one parcel together', () => {
    const late = shipped('T2', { shippedAt: new Date(Date.UTC(2031, 0, 1)) });
    const [first, second] = [shipped('T1'), shipped('T1', { productName: '洗衣机' })];
    expect(report([late, second, first]).parcels).toEqual([
      {
        carrier: 'RRS',
        trackingNumber: 'T1',
        description: '冰箱*1；洗衣机*1',
        orderIds: [first.id, second.id],
      },
      { carrier: 'RRS', trackingNumber: 'T2', description: '冰箱*1', orderIds: [late.id] },
    ]);
  });

  it('describes a parcel in 1 to 120 characters, never half of one', () => {
    const of = (productName: string | null) =>
      report([shipped('T', { productName, orderNumber: 'D7' })]).parcels[0]?.description ?? '';
    expect([...of('😀'.repeat(200))]).toEqual(Array.from({ length: 120 }, () => '😀'));
    expect([of(null), of(' ')]).toEqual(['D7*1', 'D7*1']);
    const many = Array.from({ length: 40 }, () => shipped('T', { productName: '双开门冰箱' }));
    expect([...(report(many).parcels[0]?.description ?? '')]).toHaveLength(120);
  });

  it('leaves out a carrier nobody knows and stays open for it', () => {
    const strange = shipped('T1', { shippingCompany: '老王物流' });
    expect(report([strange, shipped('T2')])).toMatchObject({
      isAllShipped: false,
      parcels: [{ trackingNumber: 'T2' }],
      untold: [{ orderId: strange.id, reason: 'carrier' }],
    });
  });

  it('is fifteen parcels at most, the same ones however many follow, and still complete', () => {
    const orders = Array.from({ length: MOST_PARCELS + 2 }, (_, place) => shipped(`T${place}`));
    const all = report(orders);
    expect(all.parcels).toEqual(report(orders.slice(0, MOST_PARCELS)).parcels);
    expect([all.isAllShipped, all.untold.map(({ reason }) => reason)]).toEqual([
      true,
      ['parcels', 'parcels'],
    ]);
  });
});

describe('whether WeChat has been told', () => {
  const [a, b, open] = [shipped('A'), shipped('B'), order()];
  it.each<[string, boolean, ReportedOrder[], KnownShipping]>([
    ['nothing known', false, [a, open], known()],
    ['a new parcel', false, [a, b, open], known(['A'])],
    ['nothing new', true, [a, b, open], known(['B', 'A'])],
    ['the last one shipped', false, [a, b], known(['A'])],
    ['the last one will not ship: only the end is to be told', false, [a, b], known(['A', 'B'])],
    ['finished', true, [a, b], known(['A', 'B'], true)],
    ['finished without one of ours: the re-shipping is not used', true, [a, b], known(['A'], true)],
    ['nothing shipped', true, [open], known()],
  ])('%s: %s', (_what, expected, orders, shipping) => {
    expect(isTold(report(orders, true), shipping)).toBe(expected);
  });
});
