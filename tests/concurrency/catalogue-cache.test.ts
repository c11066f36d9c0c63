/** PostgreSQL and Redis: what one process writes, another process's shoppers read. */
import { startApp, type TestApp } from '../support/app';
import { type CatalogueWorld, createCatalogueWorld, WRITE_PATHS } from '../support/catalogue-paths';
import { type ShopProcess, startShopProcess } from '../support/hostile-process';
import { type RedisLine, startRedisLine } from '../support/redis-line';

/** How long word of a change may take on a busy machine; without word it takes the life of an answer. */
const WORD_MS = 400;
const LIFE_MS = 1_000;

let app: TestApp;
let world: CatalogueWorld;
let other: ShopProcess;
let line: RedisLine;

beforeAll(async () => {
  line = await startRedisLine(new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'));
  app = await startApp({ REDIS_URL: line.url });
  world = await createCatalogueWorld(app);
  other = await startShopProcess();
}, 180_000);
afterAll(async () => {
  await other?.stop();
  await app?.stop();
  line?.stop();
});

const readThere = async (path: string): Promise<never> => {
  const answer = await fetch(`${other.url}/api/v1${path}`);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { data: never }).data;
};

/** Reads on the other process without a pause until it says so; resolves how long that took. */
async function untilThere(path: string, says: (data: never) => boolean, withinMs: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    if (says(await readThere(path))) return performance.now() - started;
    if (performance.now() - started > withinMs) throw new Error(`not seen within ${withinMs} ms`);
  }
}

describe('another process', () => {
  it.each(WRITE_PATHS)('knows of $name at once', async ({ path, value, write }) => {
    const where = path(world);
    for (let turn = 0; turn < 3; turn += 1) await readThere(where);
    const expected = await write(world);
    await untilThere(where, (data) => value(data) === expected, WORD_MS);
  });

  it('is told when a transaction commits, and does not keep what it read before', async () => {
    const name = `提交 ${Date.now()}`;
    const names = (data: { name: string }[]) => data.map((category) => category.name);
    const tx = await app.strapi.db.connection.transaction();
    await tx('categories').where({ document_id: world.category.documentId }).update({ name });
    // Word of the statement has come by then, and the old name is read and kept anew.
    await new Promise((resolve) => setTimeout(resolve, WORD_MS));
    expect(names(await readThere('/categories/tree'))).not.toContain(name);
    await tx.commit();
    await untilThere('/categories/tree', (data) => names(data).includes(name), WORD_MS);
  });

  it('without word of a change gives nothing of a product that is older than a second, and no error', async () => {
    line.setDead(true);
    try {
      for (const { path, value, write } of WRITE_PATHS.filter(({ name }) =>
        /order placed|document service/.test(name),
      )) {
        await readThere(path(world));
        const expected = await write(world);
        await untilThere(path(world), (data) => value(data) === expected, LIFE_MS + WORD_MS);
      }
    } finally {
      line.setDead(false);
    }
  });

  it('hears again when the line is back', async () => {
    const deadline = Date.now() + 20_000;
    const [{ path, value, write }] = WRITE_PATHS.filter(({ name }) => name === 'its brand renamed') as [
      (typeof WRITE_PATHS)[number],
    ];
    for (;;) {
      await readThere(path(world));
      const expected = await write(world);
      const took = await untilThere(path(world), (data) => value(data) === expected, LIFE_MS + WORD_MS);
      if (took < WORD_MS) return;
      if (Date.now() > deadline) throw new Error('word of changes does not come again');
    }
  });
});
