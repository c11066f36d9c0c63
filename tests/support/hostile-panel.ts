import type { HostileRequest } from './hostile-client';
import type { HostileWorld } from './hostile-world';

/** A request to the admin panel's server that must be refused, or at least not be a defect. */
export interface PanelAttack {
  name: string;
  /** Strapi may take it as something harmless. */
  isHarmless?: true;
  request: Omit<HostileRequest, 'token'>;
}

const MODELS = {
  product: 'api::product.product',
  category: 'api::category.category',
  brand: 'api::brand.brand',
  discount: 'api::discount.discount',
} as const;
type Model = keyof typeof MODELS;
const documentsOf = (model: Model): string => `/content-manager/collection-types/${MODELS[model]}`;

let serial = 0;
const fresh = (): string => `hostile-${(serial += 1)}-${Date.now()}`;
const rightBody = (model: Model): Record<string, unknown> =>
  ({
    product: {
      name: fresh(),
      price: 1,
      source: 'local',
      productCode: fresh(),
      isActive: true,
      isSales: true,
    },
    category: { name: fresh(), level: 'major' },
    brand: { name: fresh() },
    discount: { name: fresh(), kind: 'amount', value: 1, isActive: false },
  })[model];

/** Texts of each type, those that must be unique among them. */
const TEXTS: Record<Model, string[]> = {
  product: ['productCode', 'name', 'description', 'productModel', 'productGroup', 'noSalesReason', 'source'],
  category: ['name', 'level'],
  brand: ['name', 'description'],
  discount: ['name', 'kind'],
};
const NUL = ['"x\\u0000y"', '"\\u0000"', '"\\ud83d"', '"\\u0007"'];
/** Relations in every form Strapi takes and a few it does not. */
const RELATIONS = [
  '"x\\u0000y"',
  '{"documentId":"\\u0000"}',
  '{"connect":[{"documentId":"x\\u0000y"}]}',
  '{"set":["\\u0000"]}',
  '{"disconnect":[{"id":"\\ud83d"}]}',
  '{"connect":[{"documentId":"zzzzzzzzzzzzzzzzzzzzzzzz"}]}',
  '{"connect":[{"id":999999999}]}',
  '{"connect":[{"id":99999999999999}]}',
  '{"connect":[{"id":"abc"}]}',
  '{"set":[{"documentId":"zzzzzzzzzzzzzzzzzzzzzzzz"}]}',
  '{"set":"text"}',
  '{"connect":"text"}',
  '"zzzzzzzzzzzzzzzzzzzzzzzz"',
  '999999999',
  '{"connect":[{"documentId":{"$ne":""}}]}',
];
const OTHERS: Partial<Record<Model, Record<string, string[]>>> = {
  product: {
    price: ['1e30', '-1', '1e400', '"abc"', 'null', '{}', '[]', '"1; drop table products"', '1.001'],
    supplyPrice: ['1e30', '1e400', '"x"', '{}'],
    specifications: ['"{\\"a\\":\\"\\\\u0000\\"}"', '{"a":"\\u0000"}', '{"a\\u0000":1}'],
    lastSyncAt: [
      '"yesterday"',
      '"2026-13-45"',
      '1e30',
      '{}',
      '"0000-00-00T00:00:00Z"',
      '"+275760-09-13T00:00:00Z"',
      '"-000001-01-01T00:00:00Z"',
    ],
    isActive: ['"maybe"', '7', '{}', '[]'],
    category: RELATIONS,
    brand: RELATIONS,
    mainImages: ['[999999999]', '["x"]', '"x\\u0000"', '{"id":1}', '[{"id":"abc"}]', '99999999999999'],
    locale: ['"x\\u0000y"', '"xx"', '{}'],
    documentId: ['"x\\u0000y"'],
    id: ['"abc"', '1e30'],
    createdBy: ['999999999', '"x\\u0000"'],
    noSuchField: ['1', '"\\u0000"'],
    name: ['null', '1', '[]', '{}', `"${'x'.repeat(300)}"`, '"constructor"'],
  },
  category: {
    parent: RELATIONS,
    order: ['1e30', '"abc"', '1.5', '99999999999'],
    level: ['"constructor"', '"__proto__"', '"toString"', '{}', '1'],
    name: ['null', '1', `"${'长'.repeat(300)}"`],
  },
  brand: {
    order: ['1e30', '"abc"', '99999999999'],
    logo: ['999999999', '"x"', '{"id":"abc"}'],
    name: ['null', '{}', `"${'x'.repeat(300)}"`],
    isActive: ['"x"'],
  },
  discount: {
    value: ['1e30', '-1', '1e400', '"abc"', 'null'],
    minQuantity: ['0', '-1', '1.5', '1e30', '99999999999'],
    startsAt: ['"yesterday"', '1e30', '{}'],
    priority: ['1e30', '99999999999'],
    products: RELATIONS.filter((_, turn) => turn % 3 === 0),
    categories: RELATIONS.filter((_, turn) => turn % 3 === 1),
    users: RELATIONS.filter((_, turn) => turn % 3 === 2),
  },
};

const withField = (body: Record<string, unknown>, field: string, source: string): string => {
  const others = Object.entries(body).filter(([name]) => name !== field);
  return `{${[...others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`), `${JSON.stringify(field)}:${source}`].join(',')}}`;
};

/** Every field of what staff write, with every value that is wrong for it. */
export function panelFieldAttacks(world: HostileWorld): PanelAttack[] {
  return (Object.keys(MODELS) as Model[]).flatMap((model) => {
    const fields: [string, string[]][] = [
      ...TEXTS[model].map((field): [string, string[]] => [field, NUL]),
      ...Object.entries(OTHERS[model] ?? {}),
    ];
    const path = documentsOf(model);
    const known = {
      product: world.ids.products,
      category: world.ids.categories,
      brand: world.ids.brands,
      discount: undefined,
    }[model];
    return fields.flatMap(([field, values]) =>
      values.map((value, turn) => {
        const name = `${model}.${field} = ${value.slice(0, 50)}`;
        // What is read as text must be refused; of numbers, days and relations Strapi has its own idea.
        const harmless =
          /\\u|\\ud83d/.test(value) && !value.includes('\\\\') ? {} : { isHarmless: true as const };
        return known === undefined || turn % 2 === 0
          ? {
              name: `creates ${name}`,
              ...harmless,
              request: { method: 'POST', path, body: withField(rightBody(model), field, value) },
            }
          : {
              name: `updates ${name}`,
              ...harmless,
              request: {
                method: 'PUT',
                path: `${path}/${known}`,
                body: `{${JSON.stringify(field)}:${value}}`,
              },
            };
      }),
    );
  });
}

const BOUNDARY = 'hostileboundary';
const FORM = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };
const part = (disposition: string, content: string, type = 'text/plain'): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n${type === '' ? '' : `Content-Type: ${type}\r\n`}\r\n${content}\r\n`;
const form = (...parts: string[]): string => `${parts.join('')}--${BOUNDARY}--\r\n`;
const file = (filename: string, content = 'hello', type = 'text/plain') =>
  part(`name="files"; filename="${filename}"`, content, type);
const upload = (name: string, body: string | Buffer): PanelAttack => ({
  name: `uploads ${name}`,
  request: { method: 'POST', path: '/upload', body, headers: FORM },
});

/** Files with names, texts and types nobody means. */
export function uploadAttacks(): PanelAttack[] {
  const info = (text: string) => part('name="fileInfo"', text, '');
  return [
    upload('a NUL in the name', form(file('a\u0000b.txt'))),
    {
      ...upload('a NUL in a coded name', form(part('name="files"; filename*=UTF-8\'\'a%00b.txt', 'hello'))),
      isHarmless: true,
    },
    upload('an escape in the name', form(file('a\u001b[31m.txt'))),
    upload(
      'a NUL in the caption',
      form(file('a.txt'), info('{"name":"a","caption":"x\\u0000y","alternativeText":"\\u0000"}')),
    ),
    upload('a NUL in the shown name', form(file('a.txt'), info('{"name":"x\\u0000y.txt"}'))),
    upload('half an emoji in the caption', form(file('a.txt'), info('{"caption":"\\ud83d"}'))),
    upload('a folder that is none', form(file('a.txt'), info('{"folder":"abc"}'))),
    upload('a folder with a NUL', form(file('a.txt'), info('{"folder":"\\u0000"}'))),
    upload('a folder beyond every column', form(file('a.txt'), info('{"folder":99999999999999}'))),
    upload('information that is no JSON', form(file('a.txt'), info('{'))),
    upload(
      'a reference that is none',
      form(
        file('a.txt'),
        part('name="ref"', 'api::no.such', ''),
        part('name="refId"', 'x', ''),
        part('name="field"', 'x', ''),
      ),
    ),
    upload('a type with a NUL', form(file('a.txt', 'hello', 'text/pl\u0000ain'))),
    upload('no file', form(part('name="x"', 'y', ''))),
    upload('half a form', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a`),
    upload('no form', 'nonsense'),
    upload('nothing', form()),
    {
      name: 'uploads without a boundary',
      request: {
        method: 'POST',
        path: '/upload',
        body: form(file('a.txt')),
        headers: { 'Content-Type': 'multipart/form-data' },
      },
    },
  ];
}

const json = (method: string, path: string, body: string): PanelAttack => ({
  name: `${method} ${path} ${body.slice(0, 60)}`,
  request: { method, path, body },
});

/** The panel's other doors: accounts, roles, tokens, languages, folders, queries. */
export function panelDoorAttacks(world: HostileWorld): PanelAttack[] {
  const get = (path: string): PanelAttack => ({ name: `GET ${path}`, request: { method: 'GET', path } });
  const products = documentsOf('product');
  return [
    json('POST', '/admin/users', '{"email":"a\\u0000@shop.test","firstname":"x","roles":[1]}'),
    json('POST', '/admin/users', '{"email":"nul@shop.test","firstname":"x\\u0000y","roles":[1]}'),
    json('POST', '/admin/users', '{"email":"nobody@shop.test","firstname":"x","roles":[999999999]}'),
    json('POST', '/admin/users', '{"email":"nobody@shop.test","firstname":"x","roles":["abc"]}'),
    json('POST', '/admin/roles', '{"name":"x\\u0000y","description":"d"}'),
    json(
      'POST',
      '/admin/api-tokens',
      '{"name":"x\\u0000y","description":"","type":"read-only","lifespan":null,"permissions":null}',
    ),
    json(
      'POST',
      '/admin/api-tokens',
      '{"name":"hostile","description":"","type":"custom","lifespan":1e30,"permissions":["\\u0000"]}',
    ),
    json(
      'POST',
      '/admin/webhooks',
      '{"name":"x\\u0000y","url":"http://localhost/","events":["entry.create"],"headers":{}}',
    ),
    json('POST', '/i18n/locales', '{"code":"x\\u0000","name":"x","isDefault":false}'),
    json('POST', '/i18n/locales', '{"code":"en","name":"English","isDefault":false}'),
    json('POST', '/i18n/locales', '{"code":"constructor","name":"x","isDefault":false}'),
    json('POST', '/upload/folders', '{"name":"x\\u0000y","parent":null}'),
    json('POST', '/upload/folders', '{"name":"x","parent":"abc"}'),
    json('POST', '/upload/folders', '{"name":"x","parent":99999999999999}'),
    json('POST', '/upload/actions/bulk-delete', '{"fileIds":["\\u0000"],"folderIds":["abc"]}'),
    json('POST', `${products}/actions/bulkDelete`, '{"documentIds":["x\\u0000y"]}'),
    json('POST', `${products}/actions/bulkDelete`, '{"documentIds":"text"}'),
    json(
      'PUT',
      '/content-manager/content-types/api::product.product/configuration',
      '{"settings":{"mainField":"x\\u0000"}}',
    ),
    json('POST', '/content-manager/uid/generate', '{"contentTypeUID":"x\\u0000","field":"name","data":{}}'),
    json('POST', '/content-manager/collection-types/constructor', '{}'),
    json('POST', '/content-manager/collection-types/__proto__', '{"a":"\\u0000"}'),
    ...['%00', 'x%00y', 'zzzzzzzzzzzzzzzzzzzzzzzz', "a'b", 'a'.repeat(5_000), '%zz'].map((id) =>
      get(`${products}/${id}`),
    ),
    ...['%00', "' or 1=1", 'zzzzzzzzzzzzzzzzzzzzzzzz'].map((id) => ({
      name: `deletes ${id}`,
      request: { method: 'DELETE', path: `${products}/${encodeURIComponent(id)}` },
    })),
    ...[
      'filters[id][$eq]=abc',
      'filters[$and][0][id][$eq]=99999999999999',
      'filters[name][$eq]=%00',
      'filters[price][$gt]=abc',
      'page=abc&pageSize=x',
      'page=-1&pageSize=-1',
      'page=1e30',
      'sort=noSuch:ASC',
      'sort=name:SIDEWAYS',
      '_q=%00',
      `_q=${'%25'.repeat(200)}`,
      'locale=%27',
      'filters[createdBy][password][$startsWith]=$2',
      'populate=*&filters[x][y][z]=1',
      'fields[0]=noSuch',
    ].map((query) => get(`${products}?${query}`)),
    ...[
      '?_q=%00',
      '?idsToOmit[]=abc',
      '?page=abc',
      `?id=${world.ids.products}%00`,
      '?locale=xx&idsToInclude[]=%27',
    ].map((query) => get(`/content-manager/relations/api::product.product/category${query}`)),
  ];
}

/** What anybody can say to the panel without an account. */
export function panelSignInAttacks(): PanelAttack[] {
  const values = [
    '"x\\u0000y"',
    '"\\u0000"',
    '"\\ud83d"',
    '1',
    'null',
    '[]',
    '{}',
    '{"$ne":""}',
    '"\' or 1=1 --"',
    `"${'a'.repeat(10_000)}"`,
    '"🧊"',
    '"<script>"',
  ];
  return [
    ...values.flatMap((value) => [
      json('POST', '/admin/login', `{"email":${value},"password":"x"}`),
      json('POST', '/admin/login', `{"email":"a@shop.test","password":${value}}`),
      json(
        'POST',
        '/admin/login',
        `{"email":"a@shop.test","password":"x","deviceId":${value},"rememberMe":${value}}`,
      ),
      json('POST', '/admin/reset-password', `{"resetPasswordToken":${value},"password":"Password-1"}`),
      json(
        'POST',
        '/admin/register',
        `{"registrationToken":${value},"userInfo":{"firstname":"a","password":"Password-1"}}`,
      ),
      json(
        'POST',
        '/admin/register-admin',
        `{"email":${value},"password":"Password-1","firstname":${value}}`,
      ),
      json('POST', '/admin/access-token', `{"x":${value}}`),
    ]),
    json('POST', '/admin/login', '{'),
    json('POST', '/admin/login', '[]'),
    json('POST', '/admin/forgot-password', '{"email":"x\\u0000y"}'),
    {
      name: 'a form to sign in with',
      request: {
        method: 'POST',
        path: '/admin/login',
        body: 'email=a%00&password=b',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      },
    },
    {
      name: 'a file to sign in with',
      request: { method: 'POST', path: '/admin/login', body: form(file('a.txt')), headers: FORM },
    },
    {
      name: 'an invitation with a NUL',
      request: { method: 'GET', path: '/admin/registration-info?registrationToken=%00' },
    },
  ];
}
