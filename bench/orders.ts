/** Placing orders, beside PostgreSQL alone with the same statements. */
import { randomUUID } from 'node:crypto';

import { productId } from './catalogue';
import { onDatabase } from './ground';
import { type Load, type Measured, run, runExpecting } from './load';
import { runPgbench, readAsker } from './pgbench';
import { format, print } from './print';
import type { ServerProcess } from './shop-process';
import type { SignedShopper } from './shoppers';

const HOT_PRODUCT = 1;
const BUYERS_AT_ONCE = [16, 64, 256];
/** A server as it comes allows a hundred connections; more clients than these only queue. */
const MOST_PGBENCH_CLIENTS = 64;
const WARM_UP_SECONDS = 4;
const COUNTED_ORDERS = 200;
const IDLE_MS = 3_000;

export interface OrderBench {
  shop: ServerProcess;
  database: string;
  shoppers: SignedShopper[];
  products: number;
  seconds: number;
}

type Next = Load['next'];

/** Each request is another shopper's, with an idempotency key of its own. */
function orderOf(shoppers: SignedShopper[], product: () => number): Next {
  let turn = 0;
  return () => {
    const shopper = shoppers[(turn += 1) % shoppers.length];
    return {
      method: 'POST',
      path: '/api/v1/orders',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${shopper?.access}`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({
        data: { product: productId(product()), quantity: 1, address: shopper?.address },
      }),
    };
  };
}

const anyOf = (products: number) => () => 1 + Math.floor(Math.random() * products);

/** The worker looks for work all the time; what it asks meanwhile is no order's. */
async function idleStatementsPerSecond(shop: ServerProcess): Promise<number> {
  const before = await shop.countStatements();
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return ((await shop.countStatements()) - before) / ((performance.now() - started) / 1000);
}

async function countStatements({ shop, shoppers, products }: OrderBench): Promise<void> {
  const idle = await idleStatementsPerSecond(shop);
  for (const connections of [1, 64]) {
    const before = await shop.countStatements();
    const started = performance.now();
    await runExpecting(201, {
      url: shop.url,
      connections,
      seconds: 0,
      amount: COUNTED_ORDERS,
      next: orderOf(shoppers, anyOf(products)),
    });
    const sent = (await shop.countStatements()) - before;
    const seconds = (performance.now() - started) / 1000;
    const perOrder = (sent - idle * seconds) / COUNTED_ORDERS;
    console.log(
      `SQL statements per order, ${String(connections).padStart(3)} buyer(s) at once   ${perOrder.toFixed(1)}   (sign-in, BEGIN and COMMIT included)`,
    );
  }
}

async function besidePgbench(
  bench: OrderBench,
  name: string,
  connections: number,
  products: number,
): Promise<void> {
  const { shop, database, shoppers, seconds } = bench;
  const asker = await readAsker(database);
  const clients = Math.min(connections, MOST_PGBENCH_CLIENTS);
  const yardstick = await runPgbench({ database, connections: clients, seconds, products, ...asker });
  console.log(
    `${`${name}, pgbench, ${clients} clients`.padEnd(44)} ${format(yardstick.perSecond).padStart(8)}/s   mean ${yardstick.meanMs} ms   failed ${yardstick.failed}`,
  );
  const next = orderOf(shoppers, products === 1 ? () => HOT_PRODUCT : anyOf(products));
  const placed = await runExpecting(201, { url: shop.url, connections, seconds, next });
  print(`${name}, shop, ${connections} buyers`, placed, { name: 'pgbench', perSecond: yardstick.perSecond });
}

/** Orders of any product, by so many at once. */
export const placeAnywhere = ({
  shop,
  shoppers,
  products,
  buyers,
  seconds,
}: Omit<OrderBench, 'database'> & { buyers: number }): Promise<Measured> =>
  runExpecting(201, {
    url: shop.url,
    connections: buyers,
    seconds,
    next: orderOf(shoppers, anyOf(products)),
  });

/** Nothing is left: every answer is a refusal, and none is a failure. */
async function measureRefusals({ shop, database, shoppers, seconds }: OrderBench): Promise<void> {
  await onDatabase(database, (client) =>
    client.query('update inventory_items set on_hand = locked where product_document_id = $1', [
      productId(HOT_PRODUCT),
    ]),
  );
  for (const connections of BUYERS_AT_ONCE) {
    const next = orderOf(shoppers, () => HOT_PRODUCT);
    print(
      `sold out, shop, ${connections} buyers`,
      await runExpecting(409, { url: shop.url, connections, seconds, next }),
    );
  }
}

/** Throws when any answer was another than the one that belongs to the measure, so a 5xx ends the run. */
export async function measureOrders(bench: OrderBench): Promise<void> {
  const { shop, shoppers, products } = bench;
  const next = orderOf(shoppers, anyOf(products));
  await run({ url: shop.url, connections: 16, seconds: WARM_UP_SECONDS, next });
  await countStatements(bench);
  for (const connections of BUYERS_AT_ONCE) await besidePgbench(bench, 'one product', connections, 1);
  for (const connections of BUYERS_AT_ONCE) {
    await besidePgbench(bench, `${products} products`, connections, products);
  }
  await measureRefusals(bench);
}
