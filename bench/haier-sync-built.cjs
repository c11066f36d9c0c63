// Boots the compiled shop, syncs every product of Haier's open platform twice, and watches its own memory, its calls and its
// writes to the catalogue. Tells the figures to the process that started it.
const { createStrapi } = require('@strapi/strapi');

const { BENCH_APP_DIR: appDir, BENCH_DIST_DIR: distDir } = process.env;
const megabytes = () => process.memoryUsage().rss / 1024 / 1024;

async function watched(strapi, work) {
  const { connection } = strapi.db;
  const callsBefore = await countCalls(connection);
  let [peak, statements, writes] = [megabytes(), 0, 0];
  const listen = ({ sql }) => {
    statements += 1;
    if (/^\s*(insert|update|delete).*"(products|products_\w+_lnk|inventory_\w+)"/i.test(sql)) writes += 1;
  };
  connection.on('query', listen);
  const timer = setInterval(() => (peak = Math.max(peak, megabytes())), 20);
  const started = performance.now();
  const run = await work();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  connection.removeListener('query', listen);
  const calls = (await countCalls(connection)) - callsBefore;
  return { seconds, peak: Math.max(peak, megabytes()), calls, statements, writes, run };
}

/** Every outside call leaves a row. */
async function countCalls(connection) {
  const [{ count }] = await connection('haier_api_logs').count({ count: '*' });
  return Number(count);
}

async function main() {
  const strapi = await createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false }).load();
  const syncs = strapi.plugin('haier-integration').service('syncs');
  const sync = (kind) => () => syncs.run({ kind }, { requestedBy: 'bench' });
  global.gc?.();
  const atRest = megabytes();
  const first = await watched(strapi, sync('products'));
  const again = await watched(strapi, sync('products'));
  const prices = await watched(strapi, sync('prices'));
  process.send({ atRest, first, again, prices });
  await strapi.destroy();
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
