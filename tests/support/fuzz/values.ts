/** Random requests that can be repeated: everything is a function of the dice. */
import { hostileBodies, MALFORMED, NO_IDS, NO_OBJECTS, ODD_TEXTS } from '../hostile-values';
import { BAD_PATH_IDS, BAD_QUERIES, ODD_QUERIES } from '../hostile-requests';
import type { Dice } from '../seeds';

/** Names that mean something to some route, and some that mean something to JavaScript. */
const NAMES = [
  ...[
    'data',
    'id',
    'ids',
    'documentId',
    'documentIds',
    'name',
    'code',
    'type',
    'status',
    'locale',
    'locales',
  ],
  ...[
    'email',
    'username',
    'identifier',
    'password',
    'currentPassword',
    'refresh',
    'token',
    'deviceId',
    'firstname',
  ],
  ...[
    'roles',
    'role',
    'permissions',
    'action',
    'subject',
    'properties',
    'conditions',
    'fields',
    'populate',
    'sort',
  ],
  ...[
    'filters',
    'pagination',
    'page',
    'pageSize',
    'connect',
    'disconnect',
    'set',
    'options',
    'settings',
    'layouts',
  ],
  ...[
    'product',
    'quantity',
    'address',
    'items',
    'cartItems',
    'order',
    'orders',
    'method',
    'reason',
    'amount',
    'price',
  ],
  ...[
    'folder',
    'folderId',
    'fileIds',
    'folderIds',
    'destinationFolderId',
    'fileInfo',
    'url',
    'urls',
    'path',
    'parent',
  ],
  ...[
    'events',
    'headers',
    'isEnabled',
    'lifespan',
    'description',
    'contentTypeUID',
    'field',
    'params',
    'targetField',
  ],
  ...[
    'productCode',
    'category',
    'mappings',
    'stock',
    'onHand',
    'delta',
    'company',
    'trackingNumber',
    'soId',
    'mode',
  ],
  ...[
    'from',
    'to',
    'date',
    'day',
    'scope',
    'search',
    '_q',
    'contentType',
    'model',
    'value',
    'text',
    'provider',
  ],
  ...['__proto__', 'constructor', 'toString', 'length', '$or', '$and', '$not', '$eq', '$where', '', ' '],
];
const NUMBERS = [
  '0',
  '-1',
  '1',
  '1.5',
  '1e30',
  '-1e400',
  '1e400',
  '2147483648',
  '9007199254740993',
  '-0',
  '1e-7',
];
const STRANGE = [
  '"a\\u0000b"',
  '"\\ud83d"',
  '"\\u001b[31m"',
  '"%00"',
  '"2026-13-45"',
  '"zh-Hans"',
  '"en"',
  '"*"',
];
const UIDS = [
  'api::product.product',
  'api::order.order',
  'api::category.category',
  'api::no.such',
  'plugin::users-permissions.user',
  'plugin::upload.file',
  'admin::user',
  'constructor',
  '__proto__',
];

export interface Known {
  /** Ids that are there. */
  ids: readonly string[];
}

/** A JSON value as source text. */
export function anyValue(dice: Dice, { ids }: Known, depth = 0): string {
  const leaf = (): string =>
    dice.pick([
      () => dice.pick(NUMBERS),
      () => dice.pick(STRANGE),
      () => JSON.stringify(dice.pick(ODD_TEXTS)),
      () => JSON.stringify(dice.pick(NO_IDS)),
      () => JSON.stringify(dice.pick(ids)),
      () => JSON.stringify(dice.pick(UIDS)),
      () => JSON.stringify(dice.pick(NAMES)),
      () => dice.pick(['true', 'false', 'null', '""', '[]', '{}']),
    ])();
  if (depth > 3 || dice.int(10) < 4) return leaf();
  const members = Array.from({ length: dice.int(4) }, () => anyValue(dice, { ids }, depth + 1));
  if (dice.once(3)) return `[${members.join(',')}]`;
  return `{${members.map((value) => `${JSON.stringify(dice.pick(NAMES))}:${value}`).join(',')}}`;
}

const object = (dice: Dice, known: Known): string => {
  const fields = Array.from(
    { length: 1 + dice.int(6) },
    () => `${JSON.stringify(dice.pick(NAMES))}:${anyValue(dice, known)}`,
  );
  return `{${fields.join(',')}}`;
};

/** A right body with one of its values, at whatever depth, turned into another. */
export function spoil(dice: Dice, known: Known, right: string): string {
  const values = [...right.matchAll(/:("(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false|null)/g)];
  if (values.length === 0) return object(dice, known);
  const { index, 0: found } = dice.pick(values);
  return `${right.slice(0, index)}:${anyValue(dice, known, 3)}${right.slice(index + found.length)}`;
}

const BOUNDARY = 'fuzz';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const WHOLE_BODIES = Object.values(hostileBodies()).filter((body) => body.length < 50_000);

function form(dice: Dice, known: Known): string {
  const parts = Array.from({ length: dice.int(4) }, () => {
    const name = dice.pick(['files', 'fileInfo', 'data', 'path', 'ref', ...NAMES]);
    const file = dice.once(2)
      ? `; filename="${dice.pick(['a.png', 'a.txt', '', '../a', 'a\u0000.png', 'x'.repeat(300)])}"`
      : '';
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${anyValue(dice, known)}\r\n`;
  });
  return `${parts.join('')}${dice.once(4) ? '' : `--${BOUNDARY}--\r\n`}`;
}

export interface AnyBody {
  body: string | Buffer;
  type?: string;
}

export function anyBody(dice: Dice, known: Known, right: string | undefined): AnyBody {
  return dice.pick<() => AnyBody>([
    () => ({ body: object(dice, known) }),
    () => ({ body: object(dice, known) }),
    () => ({ body: `{"data":${object(dice, known)}}` }),
    () => ({ body: spoil(dice, known, right ?? object(dice, known)) }),
    () => ({ body: spoil(dice, known, right ?? object(dice, known)) }),
    () => ({ body: anyValue(dice, known) }),
    () => ({ body: dice.pick(MALFORMED) }),
    () => ({ body: dice.pick(NO_OBJECTS) }),
    () => ({ body: dice.pick(WHOLE_BODIES) }),
    () => ({ body: Buffer.from(Array.from({ length: 40 }, () => dice.int(256))) }),
    () => ({ body: form(dice, known), type: FORM }),
    () => ({ body: 'a=1&b[c]=%00&data[name]=x', type: 'application/x-www-form-urlencoded' }),
  ])();
}

export function anyQuery(dice: Dice, known: Known): string {
  const value = (): string =>
    encodeURIComponent(
      dice.pick([...NUMBERS, ...ODD_TEXTS, ...NO_IDS.slice(0, 5), ...known.ids, ...UIDS, '%', '\u0000']),
    );
  const key = (): string => {
    const parts = Array.from({ length: dice.int(4) }, () => `[${encodeURIComponent(dice.pick(NAMES))}]`);
    return `${encodeURIComponent(dice.pick(NAMES))}${parts.join('')}`;
  };
  return dice.pick([
    () => '',
    () => '',
    () => `?${dice.pick(BAD_QUERIES).replaceAll(' ', '%20')}`,
    () => `?${dice.pick(ODD_QUERIES).replaceAll(' ', '%20')}`,
    () => `?${Array.from({ length: 1 + dice.int(3) }, () => `${key()}=${value()}`).join('&')}`,
  ])();
}

/** What stands in the place of a parameter of the path. */
export const anyId = (dice: Dice, { ids }: Known): string =>
  dice.pick([
    () => dice.pick(ids),
    () => dice.pick(ids),
    () => dice.pick(UIDS),
    () => dice.pick(BAD_PATH_IDS.filter((id) => id.length < 1_000)),
    () => String(dice.int(5)),
    () => dice.pick(['0', '-1', '1e9', '99999999999999999999', 'null', 'undefined', 'me', 'count']),
  ])();
