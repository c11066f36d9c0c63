/** PostgreSQL only: several processes at one day, and one that is killed in the middle of it. */
import { compiled, startApp, type TestApp } from '../support/app';
import { DIST, PROJECT_ROOT } from '../support/boot';
import { changeBill, differencesOf, goToNextDay, reconcileDue, runOf } from '../support/factories/bills';
import { createBuyer, createStaff, placePaidOrder, stockProduct } from '../support/factories/orders';
import { type NodeProcess, runNode } from '../support/hostile-process';

const LINES = 2_000;

/** Loads the shop on the suite's database and clock, and compares a day when it is told to. */
const COMPARE = `
const { createStrapi } = require('@strapi/strapi');
const [appDir, distDir, shiftMs] = process.argv.slice(1);
process.on('disconnect', () => process.exit(0));
const load = (path) => require(distDir + '/src/' + path);
createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false }).load().then(() => {
  load('platform/clock').clock.advance(Number(shiftMs));
  process.on('message', (text) => {
    const { day, askedAt } = JSON.parse(text);
    load('api/reconciliation/services/reconciliation').reconcileDay(day, new Date(askedAt))
      .then((again) => process.send({ done: again === undefined }), (error) => process.send({ error: String(error) }));
  });
  process.send('ready');
}).catch((error) => { console.error(error); process.exit(2); });
`;

let app: TestApp;
const children: NodeProcess[] = [];

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  for (const child of children) await child.stop();
  await app.stop();
});

const clock = () => compiled<typeof import('../../src/platform/clock')>('src/platform/clock').clock;

async function startComparing(): Promise<NodeProcess> {
  const shiftMs = String(clock().now().getTime() - Date.now());
  const child = runNode(COMPARE, [PROJECT_ROOT, DIST, shiftMs], { NODE_ENV: 'test', PROCESS_ROLE: 'web' });
  children.push(child);
  expect(await child.message()).toBe('ready');
  return child;
}

/** A day whose bill has thousands of lines, all but one unknown here. */
async function longDay(): Promise<string> {
  const day = await goToNextDay(app, '10:01:00');
  await reconcileDue(app);
  const staff = await createStaff(app);
  const product = await stockProduct(app, staff, 1);
  await placePaidOrder(app, await createBuyer(app), product);
  await goToNextDay(app, '09:59:00');
  await app.advance(61_000);
  changeBill(app, day, ([row]) => [
    row ?? {},
    ...Array.from({ length: LINES }, (_, n) => ({
      ...row,
      商户订单号: `X-${day}-${n}`,
      微信订单号: `T-${day}-${n}`,
    })),
  ]);
  return day;
}

const plan = (day: string) =>
  compiled<typeof import('../../src/api/reconciliation/services/planning')>(
    'src/api/reconciliation/services/planning',
  ).requestDay(day, { type: 'system', id: 'test', name: 'test' });

it('two processes and this one compare a day once between them', async () => {
  const day = await longDay();
  await plan(day);
  const others = [await startComparing(), await startComparing()];
  const order = { day, askedAt: clock().now().toISOString() };
  const answers = others.map((child) => child.message());
  for (const child of others) child.send(JSON.stringify(order));
  const { reconcileDay } = compiled<typeof import('../../src/api/reconciliation/services/reconciliation')>(
    'src/api/reconciliation/services/reconciliation',
  );
  const own = await reconcileDay(day, new Date(order.askedAt));
  const done = [
    own === undefined,
    ...(await Promise.all(answers)).map((answer) => (answer as { done?: boolean }).done),
  ];
  expect(done.filter((isDone) => isDone === true)).toHaveLength(1);
  expect(await runOf(app, day)).toMatchObject({ status: 'completed', attempt: 1, open_count: LINES });
});

it('what a killed process began is done anew by another, with nothing doubled', async () => {
  const day = await longDay();
  await plan(day);
  const victim = await startComparing();
  victim.send(JSON.stringify({ day, askedAt: clock().now().toISOString() }));
  const staged = async () => {
    const run = await runOf(app, day);
    const [row] = await app.strapi.db
      .connection('bill_lines')
      .where('run_id', run?.id ?? 0)
      .count({ total: '*' });
    return Number(row?.total ?? 0);
  };
  while ((await staged()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await victim.stop();
  expect(await runOf(app, day)).toMatchObject({ status: 'running', attempt: 1 });
  await app.drain();
  expect(await runOf(app, day)).toMatchObject({ status: 'running', attempt: 1 });
  await app.advance(121_000);
  await reconcileDue(app);
  expect(await runOf(app, day)).toMatchObject({ status: 'completed', attempt: 2, open_count: LINES });
  expect(await differencesOf(app, day)).toHaveLength(LINES);
  expect(await staged()).toBe(LINES + 1);
});
