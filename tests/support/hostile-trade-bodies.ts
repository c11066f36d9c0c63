import {
  amount,
  type BodyField,
  type BodyShape,
  flag,
  id,
  inData,
  NOTHING,
  quantity,
  text,
} from './hostile-shapes';
import { UNKNOWN_ID } from './hostile-values';
import type { HostileWorld } from './hostile-world';

const wrongProducts = (world: HostileWorld, bodyFor: (product: string) => Record<string, unknown>) => [
  { name: 'an unknown product', body: bodyFor(UNKNOWN_ID), codes: ['NOT_FOUND' as const] },
  { name: 'a deleted product', body: bodyFor(world.products.deleted), codes: ['NOT_FOUND' as const] },
  { name: 'an inactive product', body: bodyFor(world.products.inactive), codes: ['NOT_FOR_SALE' as const] },
  {
    name: 'a product not for sale',
    body: bodyFor(world.products.notForSale),
    codes: ['NOT_FOR_SALE' as const],
  },
];

const order = (world: HostileWorld) => ({
  product: world.products.onSale,
  quantity: 1,
  address: world.shopper.address,
});
const checkout = (world: HostileWorld) => ({
  items: [{ product: world.products.onSale, quantity: 1 }],
  address: world.shopper.address,
});
const fromCart = (world: HostileWorld) => ({ cartItems: [world.ids.items], address: world.shopper.address });
const wrongAddresses = (bodyFor: (address: string) => Record<string, unknown>, world: HostileWorld) => [
  { name: 'an unknown address', body: bodyFor(UNKNOWN_ID), codes: ['NOT_FOUND' as const] },
  { name: 'somebody else’s address', body: bodyFor(world.stranger.address), codes: ['NOT_FOUND' as const] },
];
/** The client’s idea of what things cost, and whose they are. */
const MEDDLING = [
  'price',
  'unitPrice',
  'totalAmount',
  'actualAmount',
  'status',
  'user',
  'userId',
  'discount',
  'expiresAt',
  'orderNumber',
];
const note: BodyField = {
  path: ['note'],
  kind: text(500, { min: 0, lines: true, nullable: true }),
  optional: true,
};
const expectedAmount: BodyField = { path: ['expectedAmount'], kind: amount, optional: true };

const ORDER: BodyShape = {
  name: 'one product',
  body: (world) => ({ data: { ...order(world), note: 'ok', expectedAmount: 10 } }),
  fields: inData([
    { path: ['product'], kind: id },
    { path: ['quantity'], kind: quantity },
    { path: ['address'], kind: id },
    note,
    expectedAmount,
  ]),
  wrong: (world) => [
    ...wrongProducts(world, (product) => ({ data: { ...order(world), product } })),
    ...wrongAddresses((address) => ({ data: { ...order(world), address } }), world),
    ...MEDDLING.map((field) => ({
      name: `sends ${field}`,
      body: { data: { ...order(world), [field]: 1 } },
      codes: ['VALIDATION_FAILED' as const],
    })),
    {
      name: 'another price',
      body: { data: { ...order(world), expectedAmount: 0.01 } },
      codes: ['PRICE_CHANGED'],
    },
  ],
};
const CHECKOUT: BodyShape = {
  name: 'items',
  body: (world) => ({ ...checkout(world), note: 'ok', expectedAmount: 10 }),
  fields: [
    { path: ['items', 0, 'product'], kind: id },
    { path: ['items', 0, 'quantity'], kind: quantity },
    { path: ['address'], kind: id },
    note,
    expectedAmount,
  ],
  wrong: (world) => [
    ...wrongProducts(world, (product) => ({
      ...checkout(world),
      items: [...checkout(world).items, { product, quantity: 1 }],
    })),
    ...wrongAddresses((address) => ({ ...checkout(world), address }), world),
    ...MEDDLING.map((field) => ({
      name: `sends ${field}`,
      body: { ...checkout(world), items: [{ ...checkout(world).items[0], [field]: 1 }] },
      codes: ['VALIDATION_FAILED' as const],
    })),
    { name: 'no lines', body: { ...checkout(world), items: [] }, codes: ['VALIDATION_FAILED'] },
    {
      name: 'too many lines',
      body: { ...checkout(world), items: Array.from({ length: 51 }, () => checkout(world).items[0]) },
      codes: ['VALIDATION_FAILED'],
    },
    {
      name: 'both lines and cart',
      body: { ...checkout(world), ...fromCart(world) },
      codes: ['VALIDATION_FAILED'],
    },
  ],
};
const FROM_CART: BodyShape = {
  name: 'lines of the cart',
  body: fromCart,
  fields: [{ path: ['cartItems', 0], kind: id }],
  wrong: (world) => [
    {
      name: 'an unknown line',
      body: { ...fromCart(world), cartItems: [world.ids.items, UNKNOWN_ID] },
      codes: ['NOT_FOUND'],
    },
    {
      name: 'somebody else’s line',
      body: { ...fromCart(world), cartItems: [world.ids.items, world.strangersIds.items] },
      codes: ['NOT_FOUND'],
    },
  ],
};
const withoutEffect = (shape: BodyShape): BodyShape => ({
  ...shape,
  isLikeAnother: true,
  // A preview tells what is wrong with a product instead of refusing it.
  fields: shape.fields.map((field) =>
    field.path.includes('address') ? { ...field, optional: true } : field,
  ),
  wrong: (world) =>
    (shape.wrong?.(world) ?? []).filter(
      ({ codes }) => !codes.includes('NOT_FOR_SALE') && !codes.includes('PRICE_CHANGED'),
    ),
});
const DECISION: BodyShape = {
  name: 'a decision',
  body: () => ({ reason: '同意', isGoodsReturned: false }),
  fields: [
    { path: ['reason'], kind: text(200), optional: true },
    { path: ['isGoodsReturned'], kind: flag, optional: true },
  ],
};
/** A day to come, `YYYY-MM-DD`. */
const dayAhead = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Bodies of cart, orders, stock and money. */
export const TRADE_BODIES: Record<string, BodyShape[]> = {
  'POST /cart/items': [
    {
      name: 'a line',
      body: (world) => ({ data: { product: world.products.onSale, quantity: 1 } }),
      fields: inData([
        { path: ['product'], kind: id },
        { path: ['quantity'], kind: quantity },
      ]),
      wrong: (world) => wrongProducts(world, (product) => ({ data: { product, quantity: 1 } })),
    },
  ],
  'PUT /cart/items/:id': [
    {
      name: 'a number',
      body: () => ({ data: { quantity: 1 } }),
      fields: inData([{ path: ['quantity'], kind: quantity }]),
    },
  ],
  'POST /orders': [ORDER],
  'POST /orders/checkout': [CHECKOUT, FROM_CART],
  'POST /orders/preview': [withoutEffect(ORDER), withoutEffect(CHECKOUT), withoutEffect(FROM_CART)],
  'POST /orders/:id/cancel': [
    { name: 'a reason', body: () => ({}), fields: [{ path: ['reason'], kind: text(200), optional: true }] },
  ],
  'POST /orders/:id/confirm-receipt': [NOTHING],
  'POST /orders/:id/refund': [
    {
      name: 'a wish',
      body: () => ({ reason: '不想要了' }),
      fields: [
        { path: ['reason'], kind: text(200) },
        { path: ['amount'], kind: amount, optional: true },
      ],
    },
  ],
  'POST /orders/:id/ship': [
    {
      name: 'a parcel',
      body: () => ({ company: '顺丰', trackingNumber: 'SF1' }),
      fields: [
        { path: ['company'], kind: text(100) },
        { path: ['trackingNumber'], kind: text(100) },
      ],
    },
  ],
  'POST /orders/:id/reschedule': [
    {
      name: 'another day',
      body: () => ({ distributionDate: dayAhead(3), installDate: dayAhead(4) }),
      fields: [
        { path: ['distributionDate'], kind: text(10, { shape: 'strict' }) },
        { path: ['installDate'], kind: text(10, { shape: 'strict' }), optional: true },
      ],
    },
  ],
  'POST /refunds/:id/approve': [DECISION],
  'POST /refunds/:id/reject': [DECISION],
  'POST /refunds/:id/retry': [NOTHING],
  'POST /refunds/:id/sync': [NOTHING],
  'POST /inventory/:product/adjust': [
    {
      name: 'pieces',
      body: () => ({ delta: 1, reason: '盘点' }),
      fields: [
        { path: ['delta'], kind: { kind: 'whole', min: -10_000_000, max: 10_000_000 }, except: ['-1'] },
        { path: ['reason'], kind: text(200) },
      ],
    },
    {
      name: 'a count',
      body: () => ({ onHand: 5, reason: '盘点' }),
      fields: [{ path: ['onHand'], kind: { kind: 'whole', min: 0, max: 10_000_000 }, optional: true }],
    },
  ],
  'POST /payments': [
    {
      name: 'an order',
      body: (world) => ({ order: world.ids.orders, method: 'wechat' }),
      fields: [
        { path: ['order'], kind: id },
        { path: ['method'], kind: text(6, { shape: 'strict' }), optional: true },
      ],
      wrong: (world) => [
        { name: 'an unknown order', body: { order: UNKNOWN_ID }, codes: ['NOT_FOUND'] },
        { name: 'somebody else’s order', body: { order: world.strangersIds.orders }, codes: ['NOT_FOUND'] },
        {
          name: 'somebody else’s checkout',
          body: { checkoutNumber: world.strangersIds.checkoutNumber },
          codes: ['NOT_FOUND'],
        },
        { name: 'an amount', body: { order: world.ids.orders, amount: 0.01 }, codes: ['VALIDATION_FAILED'] },
        {
          name: 'both',
          body: { order: world.ids.orders, checkoutNumber: world.checkoutNumber },
          codes: ['VALIDATION_FAILED'],
        },
      ],
    },
    {
      name: 'a checkout',
      body: (world) => ({ checkoutNumber: world.checkoutNumber }),
      fields: [{ path: ['checkoutNumber'], kind: text(32, { shape: 'strict' }), optional: true }],
    },
  ],
  'POST /payments/:id/sync': [NOTHING],
};
