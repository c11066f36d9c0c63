import { type BodyField, type BodyShape, flag, inData, NOTHING, text } from './hostile-shapes';
import { TRADE_BODIES } from './hostile-trade-bodies';

const ADDRESS = {
  contactName: '欧阳收货',
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
    { path: ['avatarUrl'], kind: text(255, { shape: 'strict', nullable: true }), optional: true },
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
  ...TRADE_BODIES,
  'POST /notifications/:id/read': [NOTHING],
};
