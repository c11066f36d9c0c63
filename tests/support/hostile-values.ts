/**
 * Values a stranger sends, as JSON source text, because some of the worst (1e400, "\u0000", a key twice) cannot be
 * said any other way.
 */
const text = (value: string): string => JSON.stringify(value);

/** Not a text, a number, a yes or no: wrong wherever one of those is asked for. */
const STRUCTURES = ['[]', '{}', '{"$gt":""}', '["a"]', '{"toString":1}'];
/** Texts no column may see. The last is half an emoji. */
const UNCLEAN = ['"a\\u0000b"', '"\\u001b[31m"', '"x\\udc00y"'];

/** Odd, and none of our business: these are texts like any other. */
export const ODD_TEXTS = [
  '冰箱 🧊 👨‍👩‍👧',
  "'; drop table orders; --",
  "1' or '1'='1",
  '<script>alert(1)</script>',
  '{{7*7}} ${7*7} %00 %n',
  '\\u0000 \\x00 \\',
  '../../etc/passwd',
  'null',
  '__proto__',
  'ﷺ ‮ RTL',
];

export type FieldKind =
  | { kind: 'text'; max: number; min?: number; lines?: boolean; nullable?: boolean; shape?: 'any' | 'strict' }
  | { kind: 'id' }
  | { kind: 'whole'; min: number; max: number }
  | { kind: 'amount'; max?: number }
  | { kind: 'flag' };

const NUMBERS = [
  '-1',
  '1.5',
  '1e9',
  '1e30',
  '-1e30',
  '1e400',
  '-1e400',
  '1e-7',
  '2147483648',
  '9007199254740993',
];
const NO_NUMBERS = [
  '"1"',
  '""',
  '"one"',
  '"1e3"',
  '"NaN"',
  '"Infinity"',
  'true',
  'false',
  'null',
  ...STRUCTURES,
  ...UNCLEAN,
];

function badTexts({
  max,
  min = 1,
  lines = false,
  nullable = false,
  shape = 'any',
}: Extract<FieldKind, { kind: 'text' }>): string[] {
  return [
    ...['1', '0', '-1', '1e30', 'true', 'false'],
    ...(nullable ? [] : ['null']),
    ...STRUCTURES,
    ...UNCLEAN,
    text('长'.repeat(max + 1)),
    text('x'.repeat(20_000)),
    ...(min > 0 ? ['""', '"   "'] : []),
    ...(lines || shape === 'strict' ? [] : [text('one\ntwo'), text('one\ttwo'), text('one\r\ntwo')]),
    ...(shape === 'strict' ? ODD_TEXTS.map(text) : []),
  ];
}

/** Texts that cannot name a document, in a body as in a path. */
export const NO_IDS = [
  'abc',
  '1',
  '-1',
  "a'b",
  "aaaaaaaaaaaa' or '1'='1",
  'aaaaaaaaaaaa;drop table orders',
  'AAAAAAAAAAAAAAAAAAAAAAAA',
  'aaaaaaaaaa/aaaaaaaaaa',
  '../../../../etc/passwd',
  'a'.repeat(65),
  'a'.repeat(5_000),
  '商品商品商品商品商品',
  '🧊🧊🧊🧊🧊🧊🧊🧊🧊🧊',
  'undefined',
  '[object Object]',
  '__proto__',
];
/** Could be one, and is none. */
export const UNKNOWN_ID = 'zzzzzzzzzzzzzzzzzzzzzzzz';

/** Every value that must be refused where this kind of field is asked for. */
export function badValues(field: FieldKind): string[] {
  switch (field.kind) {
    case 'text':
      return badTexts(field);
    case 'id':
      return [...NO_IDS.map(text), '""', '1', 'true', 'null', ...STRUCTURES, ...UNCLEAN];
    case 'whole':
      return [
        ...NUMBERS.filter(
          (number) =>
            !(Number.isInteger(Number(number)) && Number(number) >= field.min && Number(number) <= field.max),
        ),
        String(field.min - 1),
        String(field.max + 1),
        ...NO_NUMBERS,
      ];
    case 'amount':
      return [
        '-0.01',
        '0.001',
        '1.005',
        '99999999.999',
        ...NUMBERS.filter((number) => number !== '1.5'),
        ...NO_NUMBERS,
      ];
    case 'flag':
      return ['"true"', '"false"', '1', '0', '""', 'null', ...STRUCTURES, ...UNCLEAN];
  }
}

/** JSON that is none. */
export const MALFORMED = [
  '{',
  '{"a":',
  '{"a":NaN}',
  '{"a":Infinity}',
  "{'a':1}",
  '{"a":1,}',
  '{"a":01}',
  'nonsense',
  '<xml/>',
  '{"a":"\u0001"}',
  '\u0000',
];
/** JSON that is no object. */
export const NO_OBJECTS = ['[]', '[{}]', '"text"', '1', 'true', 'null', '[[[]]]'];

/** Bodies that are wrong for every route, whatever it takes. */
export function hostileBodies(): Record<string, string> {
  const deep = (levels: number, open: string, close: string) =>
    `${open.repeat(levels)}1${close.repeat(levels)}`;
  return {
    ...Object.fromEntries(MALFORMED.map((body) => [`malformed ${JSON.stringify(body)}`, body])),
    ...Object.fromEntries(NO_OBJECTS.map((body) => [`no object ${body}`, body])),
    'an unknown field': '{"noSuchField":1}',
    'an unknown field beside data': '{"data":{},"noSuchField":1}',
    'a NUL in a value': '{"noSuchField":"a\\u0000b"}',
    'a NUL in a key': '{"a\\u0000b":1}',
    'a NUL in a key of data': '{"data":{"\\u0000":1}}',
    'half an emoji': '{"noSuchField":"\\ud83d"}',
    'half an emoji in a key': '{"\\udc00":1}',
    'data is a text': '{"data":"text","x":1}',
    'data is a list': '{"data":[1],"x":1}',
    __proto__: '{"__proto__":{"isStaff":true}}',
    '__proto__ in data': '{"data":{"__proto__":{"isStaff":true}}}',
    constructor: '{"constructor":{"prototype":{"isStaff":true}}}',
    'prototype names': '{"toString":1,"hasOwnProperty":1,"valueOf":1}',
    'deep objects': deep(5_000, '{"a":', '}'),
    'deep lists': `{"a":${deep(50_000, '[', ']')}}`,
    'deep data': `{"data":${deep(100, '{"data":', '}')}}`,
    'a huge list': `{"items":[${'0,'.repeat(100_000)}0],"data":{"items":[${'1,'.repeat(100_000)}0]}}`,
    'many fields': `{${Array.from({ length: 20_000 }, (_, index) => `"f${index}":1`).join(',')}}`,
    'a long key': `{"${'k'.repeat(200_000)}":1}`,
  };
}
