/** `npm run bench:pool`: orders and reads through pools of several sizes, beside each other in the same run. */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';

import { startSandbox } from '../sandbox';
import { fillCatalogue } from './catalogue';
import { databaseUrl, onDatabase, runMain } from './ground';
import { placeAnywhere } from './orders';
import { print } from './print';
import { measureLists } from './reads';
import { type ServerProcess, startShop } from './shop-process';
import { signInShoppers } from './shoppers';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const PRODUCTS = 2_000;
/** Together with those of the bench below the hundred a server takes as it comes. */
const SIZES = [5, 10, 20, 40];
const ROUNDS = 2;
const AT_ONCE = 64;

async function main(): Promise<void> {
  const database = `shop_bench_${randomBytes(4).toString('hex')}`;
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  // One secret, so that who signs in at one of them is known to all.
  const shared = { ...sandbox.env, JWT_SECRET: randomBytes(24).toString('hex'), PROCESS_ROLE: 'web' };
  const shops: { size: number; shop: ServerProcess }[] = [];
  console.log(
    `${cpus().length} cores shared by server, database and load; ${AT_ONCE} at once, ${SECONDS} s a measure`,
  );
  try {
    await onDatabase(undefined, (client) => client.query(`create database "${database}"`));
    const first = await startShop(databaseUrl(database), shared);
    await first.stop();
    await onDatabase(database, (client) => fillCatalogue(client, PRODUCTS));
    for (const size of SIZES)
      shops.push({
        size,
        shop: await startShop(databaseUrl(database), {
          ...shared,
          DATABASE_POOL_MIN: '0',
          DATABASE_POOL_MAX: String(size),
        }),
      });
    const shoppers = await signInShoppers(shops[0]!.shop.url, sandbox, AT_ONCE);
    // Whoever comes first would else pay for what all of them warm up.
    for (const { shop } of shops)
      await placeAnywhere({ shop, shoppers, products: PRODUCTS, buyers: AT_ONCE, seconds: 4 });
    for (let round = 1; round <= ROUNDS; round += 1)
      // Up, then down: whatever changes with time, as a busy machine does, falls on both ends.
      for (const { size, shop } of round % 2 === 1 ? shops : [...shops].reverse()) {
        const load = { shop, shoppers, products: PRODUCTS, buyers: AT_ONCE, seconds: SECONDS };
        print(`round ${round}, pool of ${size}, orders`, await placeAnywhere(load));
        print(`round ${round}, pool of ${size}, lists read anew`, await measureLists(shop, AT_ONCE, SECONDS));
      }
  } finally {
    for (const { shop } of shops) await shop.stop();
    await sandbox.stop();
    await onDatabase(undefined, (client) =>
      client.query(`drop database if exists "${database}" with (force)`),
    );
  }
}

runMain(main);
