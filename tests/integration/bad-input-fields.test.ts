import { startApp, type TestApp } from '../support/app';
import { type Attack, attackAll } from '../support/hostile-answer';
import { createSender, type Send } from '../support/hostile-client';
import { BODIES, wrongBodies } from '../support/hostile-fields';
import { hostileBodies } from '../support/hostile-values';
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
  routes = hostileRoutes(app).filter(
    ({ method }) => method === 'POST' || method === 'PUT' || method === 'PATCH',
  );
});
afterAll(async () => {
  close?.();
  await app?.stop();
});

const tokenFor = ({ isPublic, isForStaff }: HostileRoute) =>
  isPublic ? undefined : isForStaff ? world.staff.token : world.shopper.token;
const pathFor = ({ pattern, names }: HostileRoute) => fillPath(pattern, world.ids[names ?? ''] ?? '');
const requestFor = (route: HostileRoute, body: string) => ({
  method: route.method,
  path: pathFor(route),
  token: tokenFor(route),
  body,
});

async function expectNothingWritten(attacks: Attack[]): Promise<void> {
  expect(attacks).not.toEqual([]);
  const before = await digestTables(app);
  expect(await attackAll(send, attacks)).toEqual([]);
  expect(await digestTables(app)).toEqual(before);
  expect((await app.api('get', '/products')).status).toBe(200);
}

describe('a body that is wrong', () => {
  it('is described here for every route that takes one', () => {
    expect(routes.map(({ name }) => name).sort()).toEqual(Object.keys(BODIES).sort());
  });

  it('as a whole is refused by every route, and nothing is written', async () => {
    await expectNothingWritten(
      routes.flatMap((route) =>
        Object.entries(hostileBodies()).map(([name, body]) => ({
          name: `${route.name} with ${name}`,
          request: requestFor(route, body),
          codes: ['VALIDATION_FAILED' as const],
        })),
      ),
    );
  });

  it('in one field is refused with the name of that field, and nothing is written', async () => {
    await expectNothingWritten(
      routes.flatMap((route) =>
        (BODIES[route.name] ?? []).flatMap((shape) =>
          wrongBodies(shape, world).map(({ name, body, field }) => ({
            name: `${route.name} (${shape.name}) with ${name}`,
            request: requestFor(route, body),
            codes: ['VALIDATION_FAILED' as const],
            field,
          })),
        ),
      ),
    );
  });

  it('in what it names is refused with the code for that, and nothing is written', async () => {
    await expectNothingWritten(
      routes.flatMap((route) =>
        (BODIES[route.name] ?? []).flatMap((shape) =>
          (shape.wrong?.(world) ?? []).map(({ name, body, codes }) => ({
            name: `${route.name} (${shape.name}) with ${name}`,
            request: requestFor(route, JSON.stringify(body)),
            codes,
          })),
        ),
      ),
    );
  });
});
