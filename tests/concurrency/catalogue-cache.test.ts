/** PostgreSQL and Redis: what one process writes, another process's shoppers read. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { startApp, type TestApp } from '../support/app';
import { type CatalogueWorld, createCatalogueWorld, WRITE_PATHS } from '../support/catalogue-paths';
import { type ShopProcess, startShopProcess } from '../support/hostile-process';

/** How long word of a change may take on a busy machine; without word it takes the life of an answer. */
const WORD_MS = 400;
const LIFE_MS = 1_000;

/** The way to Redis, which can be blocked: what is sent waits, as on a line that has gone dead. */
async function startLine(target: URL) {
  const sockets = new Set<Socket>();
  let isDead = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
      socket.on('data', (piece) => void (isDead || other.write(piece)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    setDead: (value: boolean) => {
      isDead = value;
      if (!value) for (const socket of sockets) socket.destroy();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

let app: TestApp;
let world: CatalogueWorld;
let other: ShopProcess;
let line: Awaited<ReturnType<typeof startLine>>;

beforeAll(async () => {
  line = await startLine(new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'));
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
