/** Catalogue reads: from memory beside a bare server with the same bytes, read anew beside stock Strapi, and over the size of the catalogue. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { productId } from './catalogue';
import { type Load, type Measured, runExpecting } from './load';
import { print } from './print';
import { type ServerProcess, startServer } from './shop-process';
import { STOCK_LIST, stockDetail } from './stock-strapi';

const LIST = '/api/v1/products?pagination[pageSize]=20';
const CONNECTIONS = 16;

export interface ReadBench {
  shop: ServerProcess;
  stock: ServerProcess;
  products: number;
  seconds: number;
}

const get =
  (path: () => string): Load['next'] =>
  () => ({ method: 'GET', path: path() });

const FIELDS = [
  ...['price', 'displayPrice', 'stock', 'isActive', 'isSales', 'noSalesReason', 'source'],
  ...['productModel', 'productGroup', 'viewCount', 'createdAt', 'updatedAt', 'locale'],
];
const PAGES = 5;
/** Each selection of fields is another question; of selections and pages there are more than are asked in a second. */
const selection = (): string =>
  FIELDS.filter(() => Math.random() < 0.5)
    .map((field, index) => `&fields[${index + 1}]=${field}`)
    .join('');

/** A list that is chosen, ordered and paged as others are, and of which nothing kept has the answer. */
const unasked = () =>
  `${LIST}&pagination[page]=${1 + Math.floor(Math.random() * PAGES)}&populate=*&fields[0]=name${selection()}`;
let serial = 0;
/** A choice nobody has made before, whose products must be counted. */
const unchosen = () => `${LIST}&filters[price][$gte]=${((serial += 1) / 1_000_000).toFixed(6)}`;

async function besideBare(shop: ServerProcess, name: string, path: string, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-bench-body-'));
  const file = join(folder, 'body');
  writeFileSync(file, Buffer.from(await (await fetch(`${shop.url}${path}`)).arrayBuffer()));
  const bare = await startServer(join(__dirname, 'bare-server.cjs'), { BENCH_BODY_FILE: file }, '/');
  try {
    const load = { connections: CONNECTIONS, seconds, next: get(() => path) };
    const yardstick = await runExpecting(200, { ...load, url: bare.url });
    print(`${name}, bare node:http, same bytes`, yardstick);
    print(`${name}, from memory`, await runExpecting(200, { ...load, url: shop.url }), {
      name: 'bare',
      perSecond: yardstick.perSecond,
    });
  } finally {
    await bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What stands in the list is chosen anew each time; each product is asked for at most once in the life of its answer. */
async function besideStock(
  { shop, stock, seconds }: ReadBench,
  name: string,
  ours: () => string,
  theirs: () => string,
): Promise<Measured> {
  const load = { connections: CONNECTIONS, seconds };
  const yardstick = await runExpecting(200, { ...load, url: stock.url, next: get(theirs) });
  print(`${name}, stock Strapi`, yardstick);
  const measured = await runExpecting(200, { ...load, url: shop.url, next: get(ours) });
  print(`${name}, read anew`, measured, { name: 'stock Strapi', perSecond: yardstick.perSecond });
  return measured;
}

export async function measureReads(bench: ReadBench): Promise<void> {
  const { shop, products, seconds } = bench;
  const any = () => productId(1 + Math.floor(Math.random() * products));
  await besideBare(shop, 'product list', LIST, seconds);
  await besideBare(shop, 'product detail', `/api/v1/products/${productId(1)}`, seconds);
  await besideStock(bench, 'product list', unasked, () => STOCK_LIST);
  await besideStock(bench, 'list of a new choice', unchosen, () => STOCK_LIST);
  await besideStock(
    bench,
    'product detail',
    () => `/api/v1/products/${any()}?populate=*&fields[0]=name${selection()}`,
    () => stockDetail(any()),
  );
}

/** One list at a time, read anew: what a shopper waits for, without a queue. `isNewChoice`: its products are counted too. */
export const measureListAlone = (
  shop: ServerProcess,
  seconds: number,
  { isNewChoice = false } = {},
): Promise<Measured> =>
  runExpecting(200, { url: shop.url, connections: 1, seconds, next: get(isNewChoice ? unchosen : unasked) });

/** The same by many at once. */
export const measureLists = (
  shop: ServerProcess,
  connections: number,
  seconds: number,
  isNewChoice = false,
): Promise<Measured> =>
  runExpecting(200, { url: shop.url, connections, seconds, next: get(isNewChoice ? unchosen : unasked) });
