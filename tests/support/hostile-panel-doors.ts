import { documentsOf, type PanelAttack } from './hostile-panel-fields';
import type { HostileWorld } from './hostile-world';

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
