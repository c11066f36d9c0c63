import { startApp, type TestApp } from '../support/app';
import { type Attack, attackAll, leaksOf } from '../support/hostile-answer';
import { createSender, inBatches, type Send } from '../support/hostile-client';
import { BODIES } from '../support/hostile-fields';
import { BAD_PATH_IDS, BAD_QUERIES, badAuthorizations, ODD_QUERIES } from '../support/hostile-requests';
import { UNKNOWN_ID } from '../support/hostile-values';
import {
  createHostileWorld,
  digestTables,
  fillPath,
  type HostileRoute,
  hostileRoutes,
  type HostileWorld,
} from '../support/hostile-world';

let app: TestApp;
let world: HostileWorld;
let send: Send;
let close: () => void;
let routes: HostileRoute[];

beforeAll(async () => {
  app = await startApp();
  ({ send, close } = createSender(app.url));
  world = await createHostileWorld(app);
  routes = hostileRoutes(app);
});
afterAll(async () => {
  close?.();
  await app?.stop();
});

const tokenFor = ({ isPublic, isForStaff }: HostileRoute) =>
  isPublic ? undefined : isForStaff ? world.staff.token : world.shopper.token;
const query = (text: string) => text.replaceAll(/[^\x21-\x7E]/g, encodeURIComponent);
/** A body that is right, where the route takes one: what is wrong with the request is something else. */
const bodyFor = ({ name, method }: HostileRoute) =>
  method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(BODIES[name]?.[0]?.body(world) ?? {});
const requestTo = (route: HostileRoute, id = world.ids[route.names ?? ''] ?? '', more = '') => ({
  method: route.method,
  path: `${fillPath(route.pattern, id)}${more}`,
  token: tokenFor(route),
  body: bodyFor(route),
});
const withId = () => routes.filter(({ names }) => names !== undefined);

async function expectNothingWritten(attacks: Attack[]): Promise<void> {
  expect(attacks).not.toEqual([]);
  const before = await digestTables(app);
  expect(await attackAll(send, attacks)).toEqual([]);
  expect(await digestTables(app)).toEqual(before);
  expect((await app.api('get', '/products')).status).toBe(200);
}

describe('who asks', () => {
  it('is refused on every route with a token that is none, and nothing is written', async () => {
    const secret = app.strapi.config.get<string>('plugin::users-permissions.jwtSecret');
    const authorizations = badAuthorizations(world, secret);
    // Each bad token on a few routes, each route with a few bad tokens: every pair would say nothing more.
    const attacks = routes
      .filter(({ isPublic }) => !isPublic)
      .flatMap((route, index) => [
        {
          name: `${route.name} by nobody`,
          request: { ...requestTo(route), token: undefined },
          codes: ['UNAUTHENTICATED' as const],
        },
        ...authorizations
          .filter((_, turn) => (turn + index) % 4 === 0)
          .map(({ name, value, code }) => ({
            name: `${route.name} with ${name}`,
            request: { ...requestTo(route), token: undefined, headers: { Authorization: value } },
            codes: [code],
          })),
      ]);
    await expectNothingWritten(attacks);
  });

  it('is refused on a public route too when the token is bad', async () => {
    const secret = app.strapi.config.get<string>('plugin::users-permissions.jwtSecret');
    await expectNothingWritten(
      badAuthorizations(world, secret).map(({ name, value, code }) => ({
        name,
        request: { method: 'GET', path: '/api/v1/products', headers: { Authorization: value } },
        codes: [code],
      })),
    );
  });

  it('cannot do what staff do as a shopper', async () => {
    await expectNothingWritten(
      routes
        .filter(({ isForStaff }) => isForStaff)
        .map((route) => ({
          name: route.name,
          request: { ...requestTo(route), token: world.shopper.token },
          codes: ['FORBIDDEN' as const],
        })),
    );
  });
});

describe('an id in a path', () => {
  it('is known to this suite for every route', () => {
    expect(
      withId()
        .filter(({ names }) => world.ids[names ?? ''] === undefined)
        .map(({ name }) => name),
    ).toEqual([]);
  });

  it('that names nothing is not there, and nothing is written', async () => {
    await expectNothingWritten(
      withId().flatMap((route, index) => [
        {
          name: `${route.name} with an unknown id`,
          request: requestTo(route, UNKNOWN_ID),
          codes: ['NOT_FOUND' as const],
        },
        ...BAD_PATH_IDS.filter((_, turn) => route.method === 'GET' || (turn + index) % 3 === 0).map((id) => ({
          name: `${route.name} with ${id.slice(0, 40)}`,
          request: requestTo(route, id),
          // What no address can hold is refused before anybody looks for it.
          codes:
            /%(?!2[0-9a-f]|[3-6C-F]|25)|%0|%1|%C0|%ED%A0/i.test(id) || id.length > 8_000
              ? (['VALIDATION_FAILED', 'NOT_FOUND'] as const).slice()
              : ['NOT_FOUND' as const],
        })),
      ]),
    );
  });

  it('of somebody else is not there either, and nothing is written', async () => {
    const foreign = withId().filter(({ isPublic, isForStaff }) => !isPublic && !isForStaff);
    await expectNothingWritten(
      foreign.map((route) => ({
        name: route.name,
        request: requestTo(route, world.strangersIds[route.names ?? '']),
        codes: ['NOT_FOUND' as const],
      })),
    );
  });

  it('of a product that is not shown is not there', async () => {
    const { inactive, deleted } = world.products;
    await expectNothingWritten(
      withId()
        .filter(({ names }) => names === 'products')
        .flatMap((route) =>
          [inactive, deleted].map((id) => ({
            name: route.name,
            request: requestTo(route, id),
            codes: ['NOT_FOUND' as const],
          })),
        ),
    );
  });
});

describe('a query', () => {
  it('that no route means is refused by all of them, and nothing is written', async () => {
    await expectNothingWritten(
      // Where no query is read one rule refuses all of them: a few of them on each route, another few on the next.
      routes.flatMap((route, index) =>
        BAD_QUERIES.filter((_, turn) => route.readsQuery || (turn + index) % 16 === 0).map((text) => ({
          name: `${route.name}?${text.slice(0, 60)}`,
          request: requestTo(route, undefined, `?${query(text)}`),
          codes: ['VALIDATION_FAILED' as const],
        })),
      ),
    );
  });

  it('that is odd is no defect and tells no secret', async () => {
    const readers = routes.filter(({ readsQuery }) => readsQuery);
    expect(readers.length).toBeGreaterThan(10);
    const requests = readers.flatMap((route) =>
      ODD_QUERIES.map((text) => ({
        name: `${route.name}?${text}`,
        request: requestTo(route, undefined, `?${query(text)}`),
      })),
    );
    const before = await digestTables(app);
    const found = await inBatches(requests, async ({ name, request }) =>
      leaksOf(await send(request)).map((leak) => `${name}: ${leak}`),
    );
    expect(found.flat()).toEqual([]);
    expect(await digestTables(app)).toEqual(before);
  });
});
