/** `npm run bench`: the shop beside stock Strapi and beside PostgreSQL alone, on the same rows, in the same run. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { startSandbox } from '../sandbox';
import { fillCatalogue } from './catalogue';
import { databaseUrl, onDatabase, PROJECT_ROOT, runMain } from './ground';
import { measureOrders } from './orders';
import { format } from './print';
import { measureReads } from './reads';
import { type ServerProcess, startShop } from './shop-process';
import { signInShoppers } from './shoppers';
import { startStockStrapi } from './stock-strapi';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);
const PRODUCTS = Number(process.env.BENCH_PRODUCTS ?? 2_000);
const SHOPPERS = 256;

async function main(): Promise<void> {
  const database = `shop_bench_${randomBytes(4).toString('hex')}`;
  // Inside the project, so that the plain Strapi project finds the same node_modules.
  const folder = mkdtempSync(join(PROJECT_ROOT, '.tmp-bench-'));
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  const running: ServerProcess[] = [];
  console.log(
    `Node ${process.version}, ${cpus().length} cores shared by server, database and load; ${PRODUCTS} products, ${SECONDS} s a measure`,
  );
  try {
    await onDatabase(undefined, async (client) => {
      const { rows } = await client.query(
        "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'server_version')",
      );
      const said = (rows as { name: string; setting: string }[]).map(
        ({ name, setting }) => `${name} ${setting}`,
      );
      console.log(`PostgreSQL: ${said.join(', ')}`);
      await client.query(`create database "${database}"`);
    });
    const first = await startShop(databaseUrl(database), sandbox.env);
    console.log(`first boot on an empty database     ${format(first.bootMs)} ms`);
    await first.stop();
    await onDatabase(database, (client) => fillCatalogue(client, PRODUCTS));
    const stock = await startStockStrapi(database, folder);
    running.push(stock);
    const shop = await startShop(databaseUrl(database), sandbox.env);
    running.push(shop);
    console.log(
      `boot, shop ${format(shop.bootMs)} ms; stock Strapi ${format(stock.bootMs)} ms (first on its copy)`,
    );
    console.log(
      `resident memory at rest, shop ${format(shop.residentMegabytes())} MB; stock Strapi ${format(stock.residentMegabytes())} MB`,
    );
    await measureReads({ shop, stock, products: PRODUCTS, seconds: SECONDS });
    await stock.stop();
    const shoppers = await signInShoppers(shop.url, sandbox, SHOPPERS);
    await measureOrders({ shop, database, shoppers, products: PRODUCTS, seconds: SECONDS });
    console.log(`resident memory after the load, shop ${format(shop.residentMegabytes())} MB`);
  } finally {
    for (const server of running) await server.stop();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
    await onDatabase(undefined, async (client) => {
      for (const name of [`${database}_stock`, database])
        await client.query(`drop database if exists "${name}" with (force)`);
    });
  }
}

runMain(main);
