import type { FieldKind } from './hostile-values';
import { badValues, UNKNOWN_ID } from './hostile-values';
import type { HostileWorld } from './hostile-world';

export interface BodyField {
  path: (string | number)[];
  kind: FieldKind;
  /** Left out it is no mistake. */
  optional?: boolean;
  /** Values this route takes, though the kind would not. */
  except?: string[];
}

/** A body a route takes, and what each of its fields may be. */
export interface BodyShape {
  name: string;
  body: (world: HostileWorld) => Record<string, unknown>;
  fields: BodyField[];
  /** The same fields are tried one by one on another route: here every third value will do. */
  isLikeAnother?: true;
  /** Bodies of this shape that are right and must be refused by what they name, with the code. */
  wrong?: (
    world: HostileWorld,
  ) => {
    name: string;
    body: Record<string, unknown>;
    codes: (
      | 'NOT_FOUND'
      | 'NOT_FOR_SALE'
      | 'VALIDATION_FAILED'
      | 'PRICE_CHANGED'
      | 'OUT_OF_STOCK'
      | 'UPSTREAM_UNAVAILABLE'
    )[];
  }[];
}

const text = (max: number, more: Partial<Extract<FieldKind, { kind: 'text' }>> = {}): FieldKind => ({
  kind: 'text',
  max,
  ...more,
});
const id: FieldKind = { kind: 'id' };
const amount: FieldKind = { kind: 'amount' };
const flag: FieldKind = { kind: 'flag' };
const quantity: FieldKind = { kind: 'whole', min: 1, max: 999 };

const inData = (fields: BodyField[]): BodyField[] =>
  fields.map((field) => ({ ...field, path: ['data', ...field.path] }));
const ADDRESS = {
  contactName: '收货人',
  phone: '13800138000',
  province: '山东省',
  city: '青岛市',
  district: '崂山区',
  districtCode: '370212',
  town: '中韩街道',
  detail: '海尔路 1 号',
};
const addressFields = (optional: boolean): BodyField[] =>
  inData([
    { path: ['contactName'], kind: text(50), optional },
    { path: ['phone'], kind: text(20, { shape: 'strict' }), optional },
    { path: ['province'], kind: text(50), optional },
    { path: ['city'], kind: text(50), optional },
    { path: ['district'], kind: text(50), optional },
    { path: ['districtCode'], kind: text(6, { shape: 'strict', nullable: true }), optional: true },
    { path: ['town'], kind: text(50, { nullable: true }), optional: true },
    { path: ['detail'], kind: text(200), optional },
    { path: ['isDefault'], kind: flag, optional: true },
  ]);

const USERNAME = text(30, { min: 3, shape: 'strict' });
const userFields = (isNew: boolean): BodyField[] =>
  inData([
    { path: ['username'], kind: USERNAME, optional: !isNew, except: ['"null"', '"__proto__"'] },
    { path: ['email'], kind: text(254, { shape: 'strict' }), optional: true },
    { path: ['avatarUrl'], kind: text(500, { shape: 'strict', nullable: true }), optional: true },
  ]);
const staffUserFields = (isNew: boolean): BodyField[] => [
  ...userFields(isNew),
  ...inData([
    { path: ['password'], kind: text(72, { min: 0, lines: true }), optional: true },
    { path: ['isStaff'], kind: flag, optional: true },
    ...(isNew ? [] : [{ path: ['blocked'], kind: flag, optional: true }]),
  ]),
];
/** Nobody sets these through a body, whoever asks. */
const PRIVILEGES = [
  'role',
  'isSuperuser',
  'userType',
  'phone',
  'openId',
  'unionId',
  'confirmed',
  'provider',
  'id',
  'documentId',
  'createdAt',
  'resetPasswordToken',
];
const privileges = (body: Record<string, unknown>, more: string[] = []) =>
  [...PRIVILEGES, ...more].map((field) => ({
    name: `sets ${field}`,
    body: { data: { ...body, [field]: field === 'role' ? { type: 'staff' } : true } },
    codes: ['VALIDATION_FAILED' as const],
  }));

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
const note: BodyField = { path: ['note'], kind: text(500, { min: 0, lines: true }), optional: true };
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
const NOTHING: BodyShape = { name: 'nothing', body: () => ({}), fields: [] };
const code: BodyShape = {
  name: 'a code',
  body: () => ({ code: 'no-such-code' }),
  fields: [{ path: ['code'], kind: text(512, { lines: true }) }],
};
/** Without a code it is taken for the other way to sign in, whose fields are then named. */
const loginCode: BodyShape = { ...code, fields: code.fields.map((field) => ({ ...field, optional: true })) };

/** Every body of the shop’s REST routes. A route that takes one and is not here fails the suite. */
export const BODIES: Record<string, BodyShape[]> = {
  'POST /users/login': [
    loginCode,
    {
      name: 'a password',
      body: () => ({ identifier: 'nobody', password: 'wrong password' }),
      fields: [
        { path: ['identifier'], kind: text(254, { lines: true }) },
        { path: ['password'], kind: text(1024, { lines: true }), except: ['"   "'] },
      ],
    },
  ],
  'POST /users/refresh': [
    {
      name: 'a token',
      body: () => ({ refresh: 'x' }),
      fields: [{ path: ['refresh'], kind: text(4096, { lines: true }), except: ['"   "'] }],
    },
  ],
  'POST /users/logout': [
    { name: 'a device', body: () => ({}), fields: [{ path: ['all'], kind: flag, optional: true }] },
  ],
  'PUT /users/me': [
    {
      name: 'a profile',
      body: () => ({ data: {} }),
      fields: userFields(false),
      wrong: () => privileges({}, ['isStaff', 'blocked', 'password']),
    },
  ],
  'POST /users/me/phone': [code],
  'PUT /users/me/password': [
    {
      name: 'a password',
      body: () => ({ password: 'long enough' }),
      fields: [
        { path: ['password'], kind: text(72, { min: 8, lines: true }) },
        { path: ['currentPassword'], kind: text(1024, { lines: true }), optional: true, except: ['"   "'] },
      ],
    },
  ],
  'POST /users': [
    {
      name: 'an account',
      body: () => ({ data: { username: 'hostile-user' } }),
      fields: staffUserFields(true),
      wrong: () => privileges({ username: 'hostile-user' }),
    },
  ],
  'PUT /users/:id': [
    {
      name: 'changes',
      isLikeAnother: true,
      body: () => ({ data: {} }),
      fields: staffUserFields(false),
      wrong: () => privileges({}),
    },
  ],
  'POST /addresses': [{ name: 'an address', body: () => ({ data: ADDRESS }), fields: addressFields(false) }],
  'PUT /addresses/:id': [
    { name: 'changes', isLikeAnother: true, body: () => ({ data: {} }), fields: addressFields(true) },
  ],
  'POST /addresses/:id/default': [NOTHING],
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
  'POST /refunds/:id/approve': [DECISION],
  'POST /refunds/:id/reject': [DECISION],
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
  'POST /notifications/:id/read': [NOTHING],
};

const HERE = '@@here@@';

function withValue(
  body: Record<string, unknown>,
  path: (string | number)[],
  source: string | undefined,
): string {
  const copy = JSON.parse(JSON.stringify(body)) as Record<string | number, unknown>;
  let at = copy;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (source === undefined) delete at[last];
  else at[last] = HERE;
  return JSON.stringify(copy).replace(`"${HERE}"`, () => source ?? '');
}

/** Every body of a shape with one field wrong, and the name of that field. */
export function wrongBodies(
  shape: BodyShape,
  world: HostileWorld,
): { name: string; body: string; field?: string | number }[] {
  const right = shape.body(world);
  const all = shape.fields.flatMap(({ path, kind, optional, except = [] }) => {
    const field = path.at(-1);
    const values = [...new Set(badValues(kind))].filter((value) => !except.includes(value));
    const missing =
      optional === true || typeof field === 'number'
        ? []
        : [{ name: `without ${path.join('.')}`, body: withValue(right, path, undefined), field }];
    return [
      ...values.map((value) => ({
        name: `${path.join('.')} = ${value.slice(0, 40)}`,
        body: withValue(right, path, value),
        field,
      })),
      ...missing,
    ];
  });
  return shape.isLikeAnother === true ? all.filter((_, turn) => turn % 3 === 0) : all;
}
