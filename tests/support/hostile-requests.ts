import { createHmac } from 'node:crypto';

import { encodeCursor } from '../../src/platform/listing/cursor';
import type { HostileWorld } from './hostile-world';
import { NO_IDS } from './hostile-values';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (header: unknown, payload: unknown, secret: string): string => {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

/** `Authorization` headers that must not let anybody in, with the code of the answer. */
export function badAuthorizations(
  { shopper, staff }: HostileWorld,
  secret: string,
): { name: string; value: string; code: 'UNAUTHENTICATED' | 'TOKEN_EXPIRED' }[] {
  const [header = '', payload = '', signature = ''] = shopper.token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
  const now = Math.floor(Date.now() / 1000);
  const hs256 = { alg: 'HS256', typ: 'JWT' };
  const staffPayload = staff.token.split('.')[1] ?? '';
  const tokens: [string, string][] = [
    ['garbage', 'garbage'],
    ['three dots', 'a.b.c'],
    ['nothing but dots', '..'],
    ['alg none', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`],
    ['alg none with a signature', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`],
    ['alg None', `${encode({ alg: 'None' })}.${payload}.${signature}`],
    ['another algorithm', sign({ alg: 'HS512', typ: 'JWT' }, claims, secret)],
    ['another secret', sign(hs256, claims, 'another secret')],
    ['no secret', sign(hs256, claims, '')],
    ['the staff’s payload under a shopper’s signature', `${header}.${staffPayload}.${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['a cut signature', `${header}.${payload}.${signature.slice(0, 10)}`],
    ['a refresh token', shopper.refresh],
    ['a user that is not there', sign(hs256, { ...claims, userId: '999999999' }, secret)],
    ['a user that cannot be', sign(hs256, { ...claims, userId: "1' or '1'='1" }, secret)],
    ['no expiry', sign(hs256, { ...claims, exp: undefined }, secret)],
    ['payload that is no object', sign(hs256, [1], secret)],
    ['a hexadecimal token', 'a'.repeat(256)],
    ['a long token', `${'a'.repeat(3_000)}.${'b'.repeat(3_000)}.c`],
  ];
  return [
    ...tokens.map(([name, token]) => ({ name, value: `Bearer ${token}`, code: 'UNAUTHENTICATED' as const })),
    {
      name: 'an expired token',
      value: `Bearer ${sign(hs256, { ...claims, exp: now - 60 }, secret)}`,
      code: 'TOKEN_EXPIRED',
    },
    ...[
      'Bearer',
      'Bearer  ',
      shopper.token,
      `Basic ${Buffer.from('a:b').toString('base64')}`,
      `Bearer ${shopper.token} x`,
      `Bearer, ${shopper.token}`,
      'Bearer null',
      'Bearer undefined',
    ].map((value) => ({ name: `the header ${value.slice(0, 20)}`, value, code: 'UNAUTHENTICATED' as const })),
  ];
}

/** What may stand in a path instead of an id, as it goes over the wire. */
export const BAD_PATH_IDS: string[] = [
  ...NO_IDS.map(encodeURIComponent),
  '%00',
  'a%00b',
  '%zz',
  '%',
  '%ED%A0%80',
  '%C0%AF',
  '%0d%0aSet-Cookie:x=1',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e',
  '%252e%252e%2500',
  'a;b=c',
  '*',
  '$where',
  '%F0%9F%A7%8A',
  'a'.repeat(7_000),
  'a'.repeat(9_000),
];

const cursorFor = (
  values: (string | number | boolean | null)[],
  order = [{ field: 'createdAt', direction: 'desc' }],
): string => encodeCursor(values, order);

/** Queries no list may answer: whatever it lists. */
export const BAD_QUERIES: string[] = [
  ...[
    'unknown=1',
    'status=draft',
    '_q=x',
    'publicationState=preview',
    'page=0',
    'limit[]=1',
    'data[name]=x',
    'where[id]=1',
    '[]=1',
    'toString=1&x=1',
  ],
  ...[
    'filters=abc',
    'filters[]=abc',
    'filters[0]=abc',
    'filters[$or][0][id]=1',
    'filters[$and][0][status]=paid',
    'filters[$not][id]=1',
  ],
  ...[
    'filters[id][$eq]=abc',
    'filters[id]=1',
    'filters[user][password][$startsWith]=$2',
    'filters[user][id]=1',
    'filters[password]=x',
    'filters[openId][$notNull]=true',
  ],
  ...[
    'filters[supplyPrice][$gt]=0',
    'filters[productCode][$startsWith]=S',
    'filters[createdBy][email][$contains]=a',
    'filters[product][supplyPrice][$gt]=1',
    'filters[role][type]=staff',
  ],
  ...[
    'filters[createdAt][$where]=1',
    'filters[createdAt][$contains]=2',
    'filters[createdAt][$jsonSupersetOf]=1',
    'filters[createdAt][createdAt]=1',
    'filters[a][b][c][d][e][f]=1',
  ],
  ...[
    'sort=password',
    'sort=supplyPrice:desc',
    'sort=createdAt:sideways',
    'sort=createdAt:asc:desc',
    'sort[0]=user.password',
    'sort=createdAt,createdAt',
    'sort=id%3Bdrop table orders',
    'sort[createdAt]=asc;',
    'sort=(select 1)',
    'sort=toString',
  ],
  ...[
    'populate=user',
    'populate=createdBy',
    'populate[user][populate]=*',
    'populate[user][fields][0]=password',
    'populate=role.permissions',
    'fields=password',
    'fields[0]=supplyPrice',
    'fields=openId,productCode',
    'fields=toString',
  ],
  ...[
    'pagination=5',
    'pagination[page]=0',
    'pagination[page]=-1',
    'pagination[page]=1e9',
    'pagination[page]=1000000000',
    'pagination[page]=1.5',
    'pagination[page]=abc',
    'pagination[page]=',
    'pagination[page]=NaN',
    'pagination[page][]=1',
  ],
  ...[
    'pagination[pageSize]=0',
    'pagination[pageSize]=-1',
    'pagination[pageSize]=101',
    'pagination[pageSize]=1000',
    'pagination[pageSize]=1e2',
    'pagination[start]=0',
    'pagination[limit]=5',
    'pagination[withCount]=maybe',
    'pagination[x]=1',
  ],
  ...['small ', 'huge', 'constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty'].map(
    (size) => `pagination[size]=${size}`,
  ),
  ...[
    'x',
    'bm90aGluZw',
    encode([]),
    encode({ a: 1 }),
    encode([1, 2, 3]),
    encode(['id:asc', 1, 1]),
    '%F0%9F%A7%8A',
    '../..',
    encode(['createdAt:desc', {}, 1]),
    encode(['createdAt:desc', 1, 'x']),
    encode(['createdAt:desc', 1, 1e30]),
  ].map((cursor) => `pagination[cursor]=${cursor}`),
  ...[
    'pagination[cursor]=&pagination[page]=1',
    'pagination[cursor]=&pagination[limit]=0',
    'pagination[cursor]=&pagination[limit]=101',
    'pagination[cursor][]=x',
  ],
  ...[
    'locale=xx',
    'locale=zh-Hans;',
    'locale=*',
    'locale[]=en',
    'locale=../en',
    `locale=${'a'.repeat(500)}`,
    "locale=en' or 1=1",
    'locale=fr',
  ],
  ...['x%00=1', 'x=%00', 'unknown=a%00b', 'x=%zz', 'x=%ED%A0%80', '%', 'x=%1b[2J'],
  `x=${'a'.repeat(9_000)}`,
  Array.from({ length: 900 }, (_, index) => `f${index}=1`).join('&'),
  `filters${'[a]'.repeat(40)}=1`,
];

/** Queries that may mean nothing here; whatever the answer is, it is no defect and tells no secret. */
export const ODD_QUERIES: string[] = [
  'populate=*',
  'populate[]=*',
  'populate[0]=*',
  'fields=*',
  'filters[constructor][$null]=true',
  'filters[__proto__][$null]=true',
  'filters[hasOwnProperty][$null]=true',
  '__proto__[x]=1',
  'constructor[prototype][x]=1',
  'sort=',
  'filters=',
  'locale=',
  'search=%25_%5C',
  "search=' or 1=1 --",
  `search=${'长'.repeat(100)}`,
  'search[]=a',
  'search[$ne]=a',
  'scope=everyone',
  'unread=2',
  'limit=0',
  'limit=1e9',
  'districtCode=abc',
  'districtCode[]=370212',
  'filters[createdAt][$gt]=0000-00-00',
  'filters[createdAt][$gt]=9999-12-31T23:59:59Z',
  'filters[createdAt][$gt]=2026-02-31',
  'filters[createdAt][$in]=',
  'filters[createdAt][$null]=x',
  'filters[status][$eq]=no-such-status',
  'filters[status][$in][0]=paid&filters[status][$in][1]=%27',
  'filters[documentId][$eq]=1',
  'filters[price][$gt]=1e30',
  'filters[price][$gt]=999999999999.999999',
  'filters[price][$lt]=-999999999999',
  'filters[price][$eq]=NaN',
  'filters[inStock]=maybe',
  'filters[name]=%27',
  'filters[isDefault]=2',
  'pagination[page]=100000&pagination[pageSize]=100',
  `pagination[cursor]=${cursorFor(['hello', 1])}`,
  `pagination[cursor]=${cursorFor([true, 1])}`,
  `pagination[cursor]=${cursorFor([1e300, 1])}`,
  `pagination[cursor]=${cursorFor([null, 1])}`,
  `pagination[cursor]=${cursorFor(['9999-99-99T99:99:99.999Z', 1])}`,
  `pagination[cursor]=${cursorFor(['2026-01-01T00:00:00.000Z', 9007199254740991])}`,
  `pagination[cursor]=${cursorFor(['2026-01-01T00:00:00.000Z', -1])}`,
  `pagination[cursor]=${cursorFor(['a\u0000b', 1])}`,
  `pagination[cursor]=${cursorFor(['\ud83d', 1])}`,
  `pagination[cursor]=${cursorFor(["' or 1=1", 1])}`,
  `sort=price&pagination[cursor]=${cursorFor(['NaN', 1], [{ field: 'price', direction: 'asc' }])}`,
  `sort=price&pagination[cursor]=${cursorFor([1e30, 1], [{ field: 'price', direction: 'asc' }])}`,
];
