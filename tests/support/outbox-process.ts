/** Processes of the shop for what happens to the outbox when processes start, stop and die. */
import { DIST, PROJECT_ROOT } from './boot';
import { type NodeProcess, runNode } from './hostile-process';

const LOAD = `
const { createStrapi } = require('@strapi/strapi');
const [appDir, distDir, option] = process.argv.slice(1);
process.on('disconnect', () => process.exit(0));
process.on('message', (signal) => process.kill(process.pid, signal));
const load = () => createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false }).load();
const failed = (error) => { console.error(error); process.exit(2); };
`;

const SERVE = `${LOAD}
if (option !== '') { const real = Date.now; Date.now = () => real() + Number(option); }
load().then((strapi) => {
  strapi.server.mount();
  const server = strapi.server.httpServer;
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}).catch(failed);
`;

/** Counts every run and every effect of its messages; the effect of one that ran before is left out, as in a real handler. */
const COUNT = `${LOAD}
load().then((strapi) => {
  const { createWorker } = require(distDir + '/src/platform/outbox');
  const { inTransaction } = require(distDir + '/src/platform/database');
  const count = ({ id, key, payload }) => inTransaction(async (tx) => {
    await tx.raw('insert into test_runs (message_id) values (?)', [id]);
    await tx.raw('insert into test_effects (message_id, key, n) values (?, ?, ?) on conflict do nothing', [id, key, payload.n]);
  });
  const worker = createWorker({
    topics: { 't.count': { lane: 'deadline', handle: count }, 't.keyed': { lane: 'shopper', handle: count } },
    onDead: () => Promise.resolve(),
    log: { warn: () => undefined, error: (text) => console.error(text) },
    pollMs: 50,
    leaseMs: Number(option),
  });
  worker.start();
  process.send('works');
}).catch(failed);
`;

export interface OutboxProcess {
  url: string;
  isAlive(): boolean;
  output(): string;
  /** Its exit code. */
  ended: Promise<number | null>;
  /** Sends it a signal it may hear. */
  signal(name: 'SIGTERM' | 'SIGINT'): void;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

const toProcess = (child: NodeProcess, url: string): OutboxProcess => ({
  url,
  isAlive: child.isAlive,
  output: child.output,
  ended: child.ended,
  signal: (name) => child.send(name),
  kill: child.stop,
});

const IN_SERVICE = { NODE_ENV: 'development', LOG_LEVEL: 'warn' };

/** The shop as in service; its machine's clock is off by `clockOffMs`. */
export async function startServing(
  variables: Record<string, string>,
  clockOffMs?: number,
): Promise<OutboxProcess> {
  const option = clockOffMs === undefined ? '' : String(clockOffMs);
  const child = runNode(SERVE, [PROJECT_ROOT, DIST, option], { ...IN_SERVICE, ...variables });
  const { port } = (await child.message()) as { port: number };
  return toProcess(child, `http://127.0.0.1:${port}`);
}

/** A worker that counts what it does in `test_runs` and `test_effects`. */
export async function startCounting(leaseMs: number): Promise<OutboxProcess> {
  const variables = { ...IN_SERVICE, LOG_LEVEL: 'error', PROCESS_ROLE: 'web' };
  const child = runNode(COUNT, [PROJECT_ROOT, DIST, String(leaseMs)], variables);
  await child.message();
  return toProcess(child, '');
}
