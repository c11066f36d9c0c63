/**
 * Random requests to every route and method the running shop has, from everybody who may come: no defect, nothing told that is not the caller's, and
 * the process lives. PostgreSQL only, the shop in a process of its own. `SHOP_SEED` repeats a run, `FUZZ=long` makes ten times as many requests,
 * over `FUZZ_SEEDS` seeds (5).
 */
import { startApp, type TestApp } from '../support/app';
import { panelUser, signInToPanel } from '../support/factories/panel';
import { Fuzzer } from '../support/fuzz/fuzzer';
import { fuzzRoutes } from '../support/fuzz/routes';
import { createSender, type Send } from '../support/hostile-client';
import { type ShopProcess, startShopProcess } from '../support/hostile-process';
import { createHostileWorld, type HostileWorld } from '../support/hostile-world';

const isLong = process.env.FUZZ === 'long';
const SEEDS =
  process.env.SHOP_SEED !== undefined
    ? [Number(process.env.SHOP_SEED)]
    : Array.from({ length: isLong ? Number(process.env.FUZZ_SEEDS ?? 5) : 1 }, (_, index) => index + 1);

let app: TestApp;
let world: HostileWorld;
let shop: ShopProcess;
let send: Send;
let close: () => void;

beforeAll(async () => {
  app = await startApp();
  world = await createHostileWorld(app);
  shop = await startShopProcess();
  ({ send, close } = createSender(shop.url, 64));
});
afterAll(async () => {
  close?.();
  await shop?.stop();
  await app?.stop();
});

async function administrator(): Promise<string> {
  const { email, password } = await panelUser(app, 'superAdmin');
  return signInToPanel(app, email, password);
}

/** A problem with what the shop has logged of it. */
function withReason(problem: string, output: string): string {
  const requestId = /"requestId":"([^"]+)"/.exec(problem)?.[1];
  const line = output.split('\n').find((text) => requestId !== undefined && text.includes(requestId));
  return line === undefined ? problem : `${problem}\n  ${line.slice(0, 600)}`;
}

describe('whatever is sent to whatever route', () => {
  it.each(SEEDS)(
    'finds no defect and is told nothing, seed %i',
    async (seed) => {
      const routes = fuzzRoutes(app);
      expect(routes.length).toBeGreaterThan(150);
      const fuzzer = new Fuzzer({ app, world, send, routes, administrator, perRoute: isLong ? 80 : 8 });
      const found = (await fuzzer.run(seed)).map((problem) => withReason(problem, shop.output()));
      expect(fuzzer.sent).toBeGreaterThan(3_000);
      expect(shop.output()).not.toMatch(/unhandled rejection|uncaught exception/i);
      expect(shop.isAlive()).toBe(true);
      expect({ seed, found }).toEqual({ seed, found: [] });
      // Who comes with a right request afterwards is served.
      expect((await send({ method: 'GET', path: '/api/v1/products' })).status).toBe(200);
      expect((await send({ method: 'GET', path: '/readyz' })).status).toBe(200);
      const body = JSON.stringify({
        data: { product: world.products.onSale, quantity: 1, address: (await fuzzer.freshBuyer()).address },
      });
      expect(
        (
          await send({
            method: 'POST',
            path: '/api/v1/orders',
            token: (await fuzzer.freshBuyer()).token,
            body,
          })
        ).status,
      ).toBeLessThan(500);
    },
    isLong ? 1_800_000 : 600_000,
  );
});
