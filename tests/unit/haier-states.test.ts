import orderSchema from '../../src/api/order/content-types/order/schema.json';
import { movingParcel, isDelivered, type Parcel } from '../../src/domain/haier-logistics';
import { splitPieces, streetOnly } from '../../src/domain/haier-push';
import {
  HAIER_EVENTS,
  HAIER_STATUSES,
  type HaierEvent,
  type HaierStatus,
  nextHaierStatus,
} from '../../src/domain/haier-states';
import {
  HAIER_STATUSES as PLUGIN_STATUSES,
  ORDER_ACTIONS as PLUGIN_ACTIONS,
  WORK_REASONS as PLUGIN_REASONS,
} from '../../src/plugins/haier-integration/server/src/ports';
import { ORDER_ACTIONS, WORK_REASONS } from '../../src/api/haier-order/queries/haier-orders';

/** The whole table once more, written by hand: event, to, and every status it is allowed from. */
const MOVES: [HaierEvent, HaierStatus, HaierStatus[]][] = [
  ['promisePush', 'push_pending', ['none']],
  ['pushed', 'pushed', ['push_pending', 'push_failed']],
  ['pushFailed', 'push_failed', ['push_pending']],
  ['pushAgain', 'push_pending', ['push_failed', 'confirm_refused', 'out_of_stock']],
  ['confirmed', 'confirmed', ['push_pending', 'push_failed', 'pushed']],
  ['refused', 'confirm_refused', ['push_pending', 'push_failed', 'pushed', 'cancel_refused']],
  ['outOfStock', 'out_of_stock', ['push_pending', 'push_failed', 'pushed', 'confirmed', 'cancel_refused']],
  ['askCancel', 'cancel_pending', ['push_pending', 'push_failed', 'pushed', 'confirmed', 'cancel_refused']],
  [
    'cancelDone',
    'cancelled',
    [
      'push_pending',
      'push_failed',
      'pushed',
      'confirmed',
      'confirm_refused',
      'out_of_stock',
      'cancel_pending',
      'cancel_refused',
    ],
  ],
  ['cancelRefused', 'cancel_refused', ['cancel_pending']],
  ['withdraw', 'cancelled', ['push_pending', 'push_failed']],
];
const cases = HAIER_STATUSES.flatMap((status) => HAIER_EVENTS.map((event) => [status, event] as const));

describe('an order at Haier', () => {
  it.each(cases)('%s + %s is as the table says', (status, event) => {
    const move = MOVES.find(([name]) => name === event);
    expect(nextHaierStatus(status, event)).toBe(move?.[2].includes(status) === true ? move[1] : undefined);
  });

  it('mistake 9: a late confirmation overwrites no cancel, and nothing follows a cancel', () => {
    for (const status of ['cancel_pending', 'cancelled', 'cancel_refused', 'confirm_refused'] as const)
      expect(nextHaierStatus(status, 'confirmed')).toBeUndefined();
    for (const event of HAIER_EVENTS) expect(nextHaierStatus('cancelled', event)).toBeUndefined();
  });

  it('has the same words in the database and in the plugin', () => {
    expect(orderSchema.attributes.haierStatus.enum).toEqual([...HAIER_STATUSES]);
    expect([...PLUGIN_STATUSES]).toEqual([...HAIER_STATUSES]);
    expect([...WORK_REASONS].sort()).toEqual([...PLUGIN_REASONS].sort());
    expect([...ORDER_ACTIONS]).toEqual([...PLUGIN_ACTIONS]);
  });
});

describe('mistake 1: amounts are of one piece, the street stands alone', () => {
  it.each([
    [1, 199_900, 10_000, [[1, 199_900, 10_000, 189_900]]],
    [2, 199_900, 10_000, [[2, 199_900, 5_000, 194_900]]],
    [
      3,
      1_000,
      100,
      [
        [2, 1_000, 33, 967],
        [1, 1_000, 34, 966],
      ],
    ],
    [1, 0, 0, [[1, 0, 0, 0]]],
  ])('%i pieces of %i less %i', (quantity, unitPriceFen, discountFen, lines) => {
    const split = splitPieces({ quantity, unitPriceFen, discountFen });
    expect(
      split.map((line) => [line.quantity, line.retailPriceFen, line.discountFen, line.actualPriceFen]),
    ).toEqual(lines);
    const total = split.reduce((sum, line) => sum + line.actualPriceFen * line.quantity, 0);
    expect(total).toBe(unitPriceFen * quantity - discountFen);
  });

  const place = { province: '山东省', city: '青岛市', district: '崂山区', town: '中韩街道' };
  it.each([
    ['海尔路 1 号', '海尔路 1 号'],
    ['山东省青岛市崂山区中韩街道海尔路1号', '海尔路1号'],
    ['山东省 青岛市 崂山区 海尔路1号', '海尔路1号'],
    ['青岛市崂山区海尔路1号', '海尔路1号'],
    ['崂山区海尔路1号', '海尔路1号'],
    ['中韩街道海尔路1号', '海尔路1号'],
    ['海尔路1号（山东省青岛市崂山区）', '海尔路1号（）'],
    ['香港中路青岛市政府旁', '香港中路青岛市政府旁'],
    ['崂山区', '崂山区'],
    ['  海尔路1号  ', '海尔路1号'],
  ])('%s', (detail, street) => {
    expect(streetOnly(detail, place)).toBe(street);
  });

  it('of a municipality, whose province and city are one name', () => {
    const beijing = { province: '北京市', city: '北京市', district: '朝阳区', town: null };
    expect(streetOnly('北京市北京市朝阳区建国路1号', beijing)).toBe('建国路1号');
    expect(streetOnly('北京市朝阳区建国路1号', beijing)).toBe('建国路1号');
  });
});

describe('the traces of an order', () => {
  const parcel = (...statuses: string[]): Parcel => ({
    company: 'C',
    trackingNumber: 'N',
    status: null,
    traces: statuses.map((status, hour) => ({ at: `2026-01-01T0${hour}:00:00.000Z`, status })),
  });

  it('mistake 7: a number without a journey is not under way', () => {
    expect(movingParcel([parcel()])).toBeUndefined();
    expect(movingParcel([{ ...parcel(), status: '待出库确认' }])).toBeDefined();
    expect(movingParcel([{ ...parcel(), status: '已下单' }])).toBeUndefined();
    expect(movingParcel([parcel(), parcel('已揽收')])?.traces).toHaveLength(1);
  });

  it('say delivered of the last step of every parcel, whatever the order they come in', () => {
    expect(isDelivered([])).toBe(false);
    expect(isDelivered([parcel('已出库', '运输中')])).toBe(false);
    expect(isDelivered([parcel('已出库', '已签收')])).toBe(true);
    const [a, b] = parcel('已出库', '已签收').traces;
    expect(isDelivered([{ ...parcel(), traces: [b, a].flatMap((step) => step ?? []) }])).toBe(true);
    expect(isDelivered([parcel('已签收'), parcel('运输中')])).toBe(false);
    expect(isDelivered([parcel('派送中', '客户拒收')])).toBe(false);
    expect(isDelivered([parcel('签收失败，改日再送')])).toBe(false);
    expect(isDelivered([{ ...parcel('派送中'), status: '已签收' }])).toBe(true);
  });
});
