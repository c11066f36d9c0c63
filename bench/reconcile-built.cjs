// Boots the compiled shop, books what the bill says, and compares one day while it watches its own memory. Tells the
// figures to the process that started it.
const { join } = require('node:path');
const { createReadStream } = require('node:fs');
const { createStrapi } = require('@strapi/strapi');

const { BENCH_APP_DIR: appDir, BENCH_DIST_DIR: distDir, BENCH_DAY: day, BENCH_BILL: bill } = process.env;
const payments = Number(process.env.BENCH_PAYMENTS);
const refunds = Number(process.env.BENCH_REFUNDS);
const load = (path) => require(join(distDir, 'src', path));
const megabytes = () => process.memoryUsage().rss / 1024 / 1024;

async function watched(work) {
  let peak = megabytes();
  const timer = setInterval(() => (peak = Math.max(peak, megabytes())), 20);
  const started = performance.now();
  const result = await work();
  clearInterval(timer);
  return { seconds: (performance.now() - started) / 1000, peak: Math.max(peak, megabytes()), result };
}

/** The books of a day: every tenth of a promille of it wrong, so that there is something to find. */
async function book(connection) {
  const noon = `timestamp '${day} 04:00:00'`;
  await connection.raw(`
    insert into payments (document_id, payment_number, amount, method, status, transaction_id, paid_at, created_at)
    select 'pay' || n, 'P' || n, case when n % 10000 = 0 then 99 else 100 end, 'wechat',
      case when n % 10000 = 1 then 'closed' else 'succeeded' end, 'T' || n, ${noon}, ${noon}
    from generate_series(1, ${payments}) as n where n % 10000 <> 2`);
  await connection.raw(`
    insert into refunds (document_id, refund_number, payment_id, amount, kind, status, submitted_at, succeeded_at, created_at)
    select 'ref' || n, 'R' || n, (select min(id) from payments), 1, 'partial', 'succeeded', ${noon}, ${noon}, ${noon}
    from generate_series(1, ${refunds}) as n`);
  await connection.raw('analyze');
}

async function parseOnly() {
  const { readTradeBill } = load('platform/wechat/bill-lines');
  let rows = 0;
  for await (const row of readTradeBill(createReadStream(bill, { encoding: 'utf8' }))) rows += row ? 1 : 0;
  return rows;
}

async function main() {
  const strapi = await createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false }).load();
  await book(strapi.db.connection);
  global.gc?.();
  const atRest = megabytes();
  const { requestDay } = load('api/reconciliation/services/planning');
  const { reconcileDay } = load('api/reconciliation/services/reconciliation');
  await requestDay(day, { type: 'system', id: 'bench', name: 'bench' });
  const compared = await watched(() => reconcileDay(day, new Date()));
  const again = await watched(() => reconcileDay(day, new Date()));
  const parsed = await watched(parseOnly);
  const [run] = await strapi.db.connection('reconciliation_runs').where('bill_date', day);
  process.send({ atRest, compared, again, parsed, run });
  await strapi.destroy();
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
