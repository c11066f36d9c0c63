/** PostgreSQL with a streaming standby of its own: catalogue reads go there, and nothing a shopper reads is wrong for it. */
import { compiled, startApp, type TestApp } from '../support/app';
import { documents, type Made, makeProduct, PRODUCT_UID, unique } from '../support/factories/catalogue';
import { createBuyer, placeOrder } from '../support/factories/orders';
import { setReplayPaused, startStoppable, type Stoppable } from '../support/stoppable';

type CatalogueCache = typeof import('../../src/catalogue-cache');

let servers: Stoppable;
let app: TestApp;

beforeAll(async () => {
  servers = await startStoppable('shop_replicas', ['postgres', 'standby']);
  const { postgres, standby } = servers.urls;
  app = await startApp({ DATABASE_URL: postgres, DATABASE_REPLICA_URLS: standby });
  await untilUsed(true);
}, 240_000);
afterAll(async () => {
  await app?.stop();
  await servers?.stop();
}, 60_000);

const standing = () => compiled<CatalogueCache>('src/catalogue-cache').replicaStanding()[0]!;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const untilUsed = (isUsed: boolean) => until(() => standing().isUsed === isUsed);

const read = async (product: Made) =>
  (await (await fetch(`${app.url}/api/v1/products/${product.documentId}`)).json()) as {
    data: { name: string; stock: number } | null;
  };

/** Statements on products that reach the primary while `work` runs. */
async function onPrimary(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const listen = ({ sql }: { sql: string }) => {
    if (/^\s*select/i.test(sql) && /"products"/.test(sql)) count += 1;
  };
  const { client } = app.strapi.db.connection;
  client.on('query', listen);
  await work().finally(() => client.removeListener('query', listen));
  return count;
}

/** Long enough that nothing kept in memory is still given. */
const outlive = () => new Promise((resolve) => setTimeout(resolve, 1_100));

describe('catalogue reads', () => {
  it('go to the replica', async () => {
    const product = await makeProduct(app);
    await until(async () => {
      await outlive();
      return (await onPrimary(() => read(product))) === 0;
    });
    expect((await read(product)).data?.name).toBe(product.name);
  });

  it('know at once what was just written, however far the replica is', async () => {
    const product = await makeProduct(app, { stock: 5 });
    const buyer = await createBuyer(app);
    await setReplayPaused(servers.urls.standby, true);
    try {
      for (let turn = 0; turn < 3; turn += 1) {
        const name = unique('刚改');
        await documents(app, PRODUCT_UID).update({ documentId: product.documentId, data: { name } });
        expect((await read(product)).data?.name).toBe(name);
        await placeOrder(app, buyer, product.documentId);
        expect((await read(product)).data?.stock).toBe(4 - turn);
      }
      const fresh = await makeProduct(app);
      expect((await read(fresh)).data?.name).toBe(fresh.name);
    } finally {
      await setReplayPaused(servers.urls.standby, false);
    }
  });

  it('leave out a replica that falls behind, and take it back when it has caught up', async () => {
    const product = await makeProduct(app);
    await setReplayPaused(servers.urls.standby, true);
    // Without anything new a paused replica misses nothing.
    await documents(app, PRODUCT_UID).update({ documentId: product.documentId, data: { price: 5 } });
    await untilUsed(false);
    expect(standing().behindMs).toBeGreaterThan(500);
    await outlive();
    expect(await onPrimary(() => read(product))).toBeGreaterThan(0);
    await setReplayPaused(servers.urls.standby, false);
    await untilUsed(true);
    await outlive();
    await until(async () => {
      await outlive();
      return (await onPrimary(() => read(product))) === 0;
    });
  });

  it('answer without an error while the replica dies and comes back', async () => {
    const product = await makeProduct(app);
    const statuses = new Set<number>();
    let isDone = false;
    const shoppers = Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        while (!isDone) {
          const path = `/api/v1/products?pagination[pageSize]=${1 + ((index * 7 + statuses.size) % 50)}&search=${Math.random()}`;
          statuses.add((await fetch(`${app.url}${path}`)).status);
        }
      }),
    );
    await servers.act('standby', 'halt');
    await untilUsed(false);
    expect((await read(product)).data?.name).toBe(product.name);
    await servers.act('standby', 'start');
    await untilUsed(true);
    isDone = true;
    await shoppers;
    expect([...statuses]).toEqual([200]);
  });
});
