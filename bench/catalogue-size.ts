/** `npm run bench:size`: one product list at a time on a small and on a large catalogue, read anew, in the same run. */
import { randomBytes } from 'node:crypto';

import { startSandbox } from '../sandbox';
import { fillCatalogue } from './catalogue';
import { databaseUrl, onDatabase, runMain } from './ground';
import { print } from './print';
import { measureListAlone } from './reads';
import { type ServerProcess, startShop } from './shop-process';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const SIZES = [1_000, 100_000];
const ROUNDS = 3;

interface SizedShop {
  products: number;
  database: string;
  shop: ServerProcess;
}

/** The aim of 1.5 × is that of lists as they are asked; one whose filters are new counts all of its products besides. */
async function measureRound(round: number, shops: SizedShop[], isNewChoice: boolean): Promise<void> {
  const what = isNewChoice ? 'list of a new choice' : 'list';
  let small: number | undefined;
  for (const { products, shop } of shops) {
    const measured = await measureListAlone(shop, SECONDS, { isNewChoice });
    print(`round ${round}, ${what}, ${products} products`, measured);
    small ??= measured.perSecond;
    if (products !== SIZES[0])
      console.log(`  it takes ${(small / measured.perSecond).toFixed(2)} × as long as of ${SIZES[0]}`);
  }
}

async function main(): Promise<void> {
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  const shops: SizedShop[] = [];
  try {
    for (const products of SIZES) {
      const database = `shop_bench_${randomBytes(4).toString('hex')}`;
      await onDatabase(undefined, (client) => client.query(`create database "${database}"`));
      const first = await startShop(databaseUrl(database), sandbox.env);
      await first.stop();
      await onDatabase(database, (client) => fillCatalogue(client, products));
      shops.push({ products, database, shop: await startShop(databaseUrl(database), sandbox.env) });
    }
    for (const { shop } of shops) await measureListAlone(shop, 2);
    for (let round = 1; round <= ROUNDS; round += 1)
      for (const isNewChoice of [false, true]) await measureRound(round, shops, isNewChoice);
  } finally {
    for (const { shop, database } of shops) {
      await shop.stop();
      await onDatabase(undefined, (client) =>
        client.query(`drop database if exists "${database}" with (force)`),
      );
    }
    await sandbox.stop();
  }
}

runMain(main);
