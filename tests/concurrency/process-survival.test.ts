/** PostgreSQL only: what SQLite stores without a word ends a stock Strapi there. The shop runs in a process of its own. */
import { startApp, type TestApp } from '../support/app';
import { panelUser, signInToPanel } from '../support/factories/panel';
import { problemsOf } from '../support/hostile-answer';
import {
  createSender,
  type HostileAnswer,
  type HostileRequest,
  inBatches,
  type Send,
} from '../support/hostile-client';
import { BODIES } from '../support/hostile-bodies';
import { panelDoorAttacks, uploadAttacks } from '../support/hostile-panel-doors';
import { panelFieldAttacks } from '../support/hostile-panel-fields';
import { type ShopProcess, startShopProcess } from '../support/hostile-process';
import { createHostileWorld, fillPath, hostileRoutes, type HostileWorld } from '../support/hostile-world';

const AT_ONCE = 30;

let app: TestApp;
let world: HostileWorld;
let shop: ShopProcess;
let admin: string;
let send: Send;
let close: () => void;

beforeAll(async () => {
  app = await startApp();
  world = await createHostileWorld(app);
  const { email, password } = await panelUser(app, 'superAdmin');
  admin = await signInToPanel(app, email, password);
  shop = await startShopProcess();
  ({ send, close } = createSender(shop.url, 2 * AT_ONCE));
});
afterAll(async () => {
  close?.();
  await shop?.stop();
  await app?.stop();
});

const times = <T>(make: (turn: number) => T): T[] => Array.from({ length: AT_ONCE }, (_, turn) => make(turn));
const atOnce = (requests: HostileRequest[]): Promise<HostileAnswer[]> => Promise.all(requests.map(send));
const statuses = (answers: HostileAnswer[]): number[] =>
  [...new Set(answers.map(({ status }) => status))].sort();
const path = (model: string): string => `/content-manager/collection-types/api::${model}.${model}`;
const asAdmin = (method: string, to: string, body: string): HostileRequest => ({
  method,
  path: to,
  body,
  token: admin,
});

/** The process lives, heard nothing it could not handle, holds no connection, and more requests than it has connections are answered. */
async function expectWell(): Promise<void> {
  expect(shop.output()).not.toMatch(/unhandled rejection|uncaught exception/);
  expect(shop.isAlive()).toBe(true);
  const { rows } = (await app.strapi.db.connection.raw(
    "select state, query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and now() - state_change > interval '1 second'",
  )) as { rows: unknown[] };
  expect(rows).toEqual([]);
  const { shopper, products } = world;
  const answers = await atOnce([
    ...times(() => ({ method: 'GET', path: '/api/v1/products' })),
    ...times(() => ({ method: 'GET', path: '/api/v1/orders', token: shopper.token })),
    ...times(() => ({ method: 'GET', path: '/admin/users/me', token: admin })),
  ]);
  expect(statuses(answers)).toEqual([200]);
  const order = { data: { product: products.onSale, quantity: 1, address: shopper.address } };
  expect(
    (
      await send({
        method: 'POST',
        path: '/api/v1/orders',
        token: shopper.token,
        body: JSON.stringify(order),
      })
    ).status,
  ).toBe(201);
}

describe('the process lives on', () => {
  it('when NUL characters come through every REST door, thirty at a time', async () => {
    const writes = hostileRoutes(app).filter(({ method }) => method !== 'GET' && method !== 'DELETE');
    for (const route of writes) {
      const shape = BODIES[route.name]?.[0];
      const right = JSON.stringify(shape?.body(world) ?? {});
      const bodies = [
        `{"x":"a\\u0000b"}`,
        `{"a\\u0000":1}`,
        right.replace(/"([^"]+)"(?=[,}\]])/, '"$1\\u0000"'),
      ].filter((body) => body.includes('\\u0000'));
      const token = route.isPublic ? undefined : route.isForStaff ? world.staff.token : world.shopper.token;
      const requests = times((turn) => ({
        method: route.method,
        path: fillPath(route.pattern, world.ids[route.names ?? ''] ?? ''),
        token,
        body: bodies[turn % bodies.length] ?? '',
      }));
      const answers = await atOnce(requests);
      expect({
        route: route.name,
        problems: answers.flatMap((answer) => problemsOf(answer, { codes: ['VALIDATION_FAILED'] })),
      }).toEqual({ route: route.name, problems: [] });
    }
    await expectWell();
  });

  it('when NUL characters come through every form of the panel, thirty at a time', async () => {
    const bodies: [string, string][] = [
      ['product', '{"name":"x","price":1,"source":"local","productCode":"x\\u0000y"}'],
      ['brand', '{"name":"x\\u0000y"}'],
      ['category', '{"name":"x\\u0000y","level":"major"}'],
      ['discount', '{"name":"x\\u0000y","kind":"amount","value":1}'],
    ];
    for (const [model, body] of bodies) {
      const answers = await atOnce(times(() => asAdmin('POST', path(model), body)));
      expect(answers.flatMap((answer) => problemsOf(answer, { codes: ['VALIDATION_FAILED'] }))).toEqual([]);
    }
    await expectWell();
  });

  it('when thirty forms at once name what is not there, or what no column holds', async () => {
    const forms: [string, () => HostileRequest][] = [
      [
        'a relation by an id that is none',
        () =>
          asAdmin(
            'POST',
            path('product'),
            `{"name":"x","price":1,"source":"local","productCode":"${Math.random()}","category":{"connect":[{"id":"abc"}]}}`,
          ),
      ],
      [
        'a price beyond every column',
        () =>
          asAdmin(
            'POST',
            path('product'),
            `{"name":"x","price":1e30,"source":"local","productCode":"${Math.random()}"}`,
          ),
      ],
      [
        'a number beyond every column',
        () => asAdmin('POST', path('brand'), `{"name":"${Math.random()}","order":99999999999}`),
      ],
      [
        'a hidden NUL in JSON',
        () =>
          asAdmin(
            'POST',
            path('product'),
            `{"name":"x","price":1,"source":"local","productCode":"${Math.random()}","specifications":"{\\"a\\":\\"\\\\u0000\\"}"}`,
          ),
      ],
      [
        'a folder in a folder that is none',
        () => asAdmin('POST', '/upload/folders', '{"name":"x","parent":"abc"}'),
      ],
    ];
    for (const [name, request] of forms) {
      const answers = await atOnce(times(request));
      expect({ name, wrong: statuses(answers).filter((status) => status < 400 || status >= 500) }).toEqual({
        name,
        wrong: [],
      });
    }
    await expectWell();
  });

  it('when thirty at once take the same name, which one of them gets', async () => {
    const winners = async (requests: HostileRequest[]) => {
      const answers = await atOnce(requests);
      expect(statuses(answers).filter((status) => status >= 500)).toEqual([]);
      return answers.filter(({ status }) => status < 300).length;
    };
    expect(
      await winners(
        times(() =>
          asAdmin(
            'POST',
            path('product'),
            '{"name":"x","price":1,"source":"local","productCode":"ONLY-ONE"}',
          ),
        ),
      ),
    ).toBe(1);
    expect(
      await winners(times(() => asAdmin('POST', '/upload/folders', '{"name":"only one","parent":null}'))),
    ).toBeGreaterThanOrEqual(1);
    expect(
      await winners(times(() => asAdmin('POST', path('brand'), '{"name":"only one"}'))),
    ).toBeGreaterThanOrEqual(1);
    const account = JSON.stringify({ data: { username: 'only-one', email: 'only.one@shop.test' } });
    expect(
      await winners(
        times(() => ({ method: 'POST', path: '/api/v1/users', token: world.staff.token, body: account })),
      ),
    ).toBe(1);
    const isDefault = JSON.stringify({ data: { isDefault: true } });
    await winners(
      times(() => ({
        method: 'PUT',
        path: `/api/v1/addresses/${world.ids.addresses}`,
        token: world.shopper.token,
        body: isDefault,
      })),
    );
    await expectWell();
  });

  it('through everything else the panel can be sent', async () => {
    const attacks = [
      ...panelFieldAttacks(world).filter((_, turn) => turn % 6 === 0),
      ...panelDoorAttacks(world),
      ...uploadAttacks(),
    ];
    const answers = await inBatches(attacks, ({ request }) => send({ ...request, token: admin }), 8);
    expect(
      attacks.filter((_, turn) => (answers[turn]?.status ?? 500) >= 500).map(({ name }) => name),
    ).toEqual([]);
    await expectWell();
  });
});
