import { appendFileSync } from 'node:fs';

import type supertest from 'supertest';

import { startApp, type TestApp } from '../support/app';
import { createStaff, signInShopper } from '../support/factories/accounts';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { documentIdOf, fillLargeShop, openIdOf } from '../support/large-shop';
import { Explainer, type Reading, statementsOf } from '../support/list-plans';

const IS_FULL = process.env.LISTS === 'full';
const SIZE = IS_FULL ? { products: 100_000, orders: 1_000_000 } : { products: 10_000, orders: 100_000 };
/** A page has 20 rows; what stands beside them is read too, and a filter throws away the newest that do not fit. */
const MOST_ROWS = 5_000 + SIZE.orders / 50;
/** Of indexes alone, which are read a hundred times faster than rows. */
const MOST_ENTRIES = 5_000 + SIZE.orders / 5;
/** Where more is read, with its reason. A busy machine included. */
const MOST_MS = 2_000;
/** Reading all of a smaller table is what an index would do as well. */
const LARGE_TABLE = 5_000;

type Who = 'anyone' | 'shopper' | 'largest shopper' | 'staff' | 'panel';

const category = documentIdOf('cat', 41);
const [product, brand] = [documentIdOf('p', 77), documentIdOf('brand', 1)];
const middle = (days: number) => new Date(Date.now() - days * 24 * 3600_000).toISOString();

const CATALOGUE: string[] = [
  '/products',
  '/products?locale=en',
  '/products?pagination[page]=3&pagination[pageSize]=100',
  ...['price', 'salesCount', 'createdAt'].flatMap((field) =>
    ['asc', 'desc'].map((direction) => `/products?sort=${field}:${direction}&pagination[cursor]=`),
  ),
  `/products?filters[category]=${category}`,
  `/products?filters[category]=${documentIdOf('cat', 1)}&sort=price:asc`,
  `/products?filters[category]=${documentIdOf('cat', 99)}`,
  `/products?filters[brand]=${brand}&sort=salesCount:desc`,
  `/products?filters[brand]=${documentIdOf('brand', 50)}`,
  '/products?filters[source]=local',
  '/products?filters[productModel]=BCD-4711',
  '/products?filters[productModel][$contains]=BCD-47',
  '/products?filters[price][$between][0]=1000&filters[price][$between][1]=1100',
  '/products?filters[price][$gte]=20000&sort=createdAt:desc',
  '/products?filters[inStock]=true&sort=salesCount:desc',
  '/products?filters[inStock]=false',
  `/products?filters[documentId]=${product}`,
  '/products?search=4711',
  '/products?search=冰箱',
  '/products?search=冰箱 47',
  '/products?search=nothing-like-it',
  '/products?search=冰箱&locale=en&sort=price:asc',
  `/products/${product}`,
  `/products/${product}/related`,
  '/products/recommended',
  '/categories',
  '/categories/tree',
  '/brands',
];
const ORDERS: string[] = [
  '/orders',
  '/orders?pagination[cursor]=',
  '/orders?pagination[page]=3&pagination[pageSize]=100',
  ...['pending', 'paid', 'shipped', 'completed', 'cancelled', 'refunding', 'refunded'].map(
    (status) => `/orders?filters[status]=${status}`,
  ),
  '/orders?filters[status][$in][0]=paid&filters[status][$in][1]=refunding',
  '/orders?filters[checkoutNumber]=K000000004711',
  '/orders?filters[orderNumber]=L000000004711',
  `/orders?filters[createdAt][$gte]=${middle(400)}&filters[createdAt][$lt]=${middle(399)}`,
  `/orders?filters[paidAt][$gte]=${middle(400)}&filters[paidAt][$lt]=${middle(399)}`,
  '/orders?sort=updatedAt:desc',
  '/orders?sort=actualAmount:desc',
  '/orders?sort=actualAmount:asc&filters[status]=paid',
  `/orders/${documentIdOf('o', 4700)}`,
  `/orders/${documentIdOf('o', 4700)}/history`,
  '/refunds',
  '/refunds?filters[status]=requested',
  '/refunds?filters[status]=succeeded&pagination[cursor]=',
  '/refunds?sort=amount:desc',
  `/refunds?filters[order.documentId]=${documentIdOf('o', 1007)}`,
];
const OWN: string[] = [
  '/notifications',
  '/notifications?unread=true',
  '/notifications?filters[type]=order.paid&pagination[cursor]=',
  '/addresses',
  '/cart',
  '/users/me',
];
const STAFF: string[] = [
  '/users',
  '/users?search=用户4711',
  '/users?filters[phone]=13800004711',
  '/users?filters[blocked]=true',
  '/users?filters[isStaff]=true',
  `/users?filters[lastLoginAt][$gte]=${middle(1)}`,
  '/users?sort=username:asc',
  `/inventory/${product}`,
  `/inventory/${product}/logs`,
];
const TYPES = [
  ['api::product.product', 'name:ASC'],
  ['api::order.order', 'createdAt:DESC'],
  ['api::order.order-history', 'id:DESC'],
  ['api::payment.payment', 'createdAt:DESC'],
  ['api::payment.refund', 'createdAt:DESC'],
  ['api::address.address', 'createdAt:DESC'],
  ['plugin::users-permissions.user', 'createdAt:DESC'],
  ['api::inventory.inventory-item', 'updatedAt:DESC'],
  ['api::inventory.inventory-log', 'id:DESC'],
  ['api::notification.notification', 'createdAt:DESC'],
  ['api::outbox.outbox-message', 'id:DESC'],
  ['api::callback.callback-inbox', 'receivedAt:DESC'],
];
const PANEL: string[] = [
  ...TYPES.map(([uid, sort]) => `/content-manager/collection-types/${uid}?page=1&pageSize=20&sort=${sort}`),
  '/content-manager/collection-types/api::order.order?page=1&pageSize=20&sort=createdAt:DESC&filters[$and][0][status][$eq]=paid',
  '/content-manager/collection-types/api::order.order?page=1&pageSize=20&sort=createdAt:DESC&filters[$and][0][orderNumber][$eq]=L000000004711',
  ...[
    ['api::order.order', 'L000000004711'],
    ['api::order.order', 'L00000000471'],
    ['api::order.order', '13800004711'],
    ['api::order.order', 'nothing like it'],
    ['api::payment.payment', 'P000000004711'],
    ['api::payment.refund', 'R000000004711'],
  ].map(
    ([uid, text]) =>
      `/content-manager/collection-types/${uid}?page=1&pageSize=20&sort=createdAt:DESC&_q=${text}`,
  ),
  '/content-manager/collection-types/api::payment.payment?page=1&pageSize=20&sort=createdAt:DESC&filters[$and][0][status][$eq]=disputed',
  '/content-manager/collection-types/api::payment.refund?page=1&pageSize=20&sort=createdAt:DESC&filters[$and][0][status][$eq]=requested',
  '/content-manager/collection-types/api::outbox.outbox-message?page=1&pageSize=20&sort=id:DESC&filters[$and][0][status][$eq]=dead',
  '/back-office/work-list',
  `/back-office/orders/${documentIdOf('o', 4700)}`,
  '/haier-integration/orders',
  '/haier-integration/orders?view=work-list',
  '/haier-integration/calls',
  '/haier-integration/messages',
];

/** What reads more, how much at most, and why it may. */
const EXCEPTIONS: { who: Who; path: RegExp; rows: number; why: string }[] = [
  {
    who: 'panel',
    path: /inventory-item\?|work-list$/,
    rows: 4 * SIZE.products,
    why: 'every stock there is, however many orders: an index would be written with every order',
  },
  {
    who: 'anyone',
    path: /^\/categories\/tree$/,
    rows: 3 * SIZE.products,
    why: 'PostgreSQL reads all pictures rather than those of hundreds of categories; the answer is kept',
  },
  {
    who: 'staff',
    path: /^\/orders\?filters\[paidAt\]/,
    rows: SIZE.orders,
    why: 'it follows the order by time down to the day that was asked for, rather than sorting the day',
  },
];

const CASES: [Who, string][] = [
  ...CATALOGUE.map((path): [Who, string] => ['anyone', path]),
  ...(['shopper', 'largest shopper', 'staff'] as const).flatMap((who) =>
    [...ORDERS.filter((path) => who === 'staff' || !path.startsWith('/orders/')), ...OWN].map(
      (path): [Who, string] => [who, path],
    ),
  ),
  ...STAFF.map((path): [Who, string] => ['staff', path]),
  ...PANEL.map((path): [Who, string] => ['panel', path]),
];

describe(`lists of ${SIZE.products} products and ${SIZE.orders} orders`, () => {
  let app: TestApp;
  let explainer: Explainer;
  let large: Set<string>;
  let merchant: PanelUser;
  const tokens: Partial<Record<Who, string>> = {};

  beforeAll(async () => {
    app = await startApp();
    const database = String(process.env.DATABASE_URL);
    await fillLargeShop(database, SIZE);
    tokens.shopper = (await signInShopper(app, { openid: openIdOf(78) })).token;
    tokens['largest shopper'] = (await signInShopper(app, { openid: openIdOf(1) })).token;
    tokens.staff = (await createStaff(app)).token;
    merchant = await panelUser(app, 'superAdmin');
    explainer = await Explainer.connect(database, { eager: IS_FULL });
    large = await explainer.tablesOver(LARGE_TABLE);
  }, 400_000);
  afterAll(async () => {
    await explainer?.end();
    await app?.stop();
  });

  const ask = (who: Who, path: string): supertest.Test =>
    who === 'panel' ? merchant.call('get', encodeURI(path)) : app.api('get', encodeURI(path), tokens[who]);
  const tell = ({ statement, rows, ms, scans }: Reading): string =>
    `${rows} rows, ${ms.toFixed(1)} ms: ${statement.sql}\n  ${scans.map(({ kind, table, rows: each }) => `${kind} ${table} ${each}`).join('\n  ')}`;

  /** The readings of a request, and of the page after it where it has a cursor. */
  async function readingsOf(who: Who, path: string): Promise<Reading[]> {
    let next: string | null = null;
    const statements = await statementsOf(app.strapi.db.connection, async () => {
      const answer = await ask(who, path);
      expect([answer.status, answer.body.error]).toEqual([200, undefined]);
      next = answer.body.meta?.pagination?.nextCursor ?? null;
      if (next !== null) {
        const more = await ask(who, path.replace('[cursor]=', `[cursor]=${next}`));
        expect(more.status).toBe(200);
      }
    });
    const readings: Reading[] = [];
    for (const statement of statements) readings.push(await explainer.read(statement));
    return readings;
  }

  it.each(CASES)('%s: %s', async (who, path) => {
    const readings = await readingsOf(who, path);
    expect(readings.length).toBeGreaterThan(0);
    // Strapi's panel counts in a statement of its own.
    const pages = readings.filter(({ statement }) => !/^select count\(/i.test(statement.sql));
    const isWide = ({ rows, entries, scans }: Reading) =>
      rows > MOST_ROWS ||
      entries > MOST_ENTRIES ||
      scans.some(({ kind, table }) => kind === 'Seq Scan' && large.has(table));
    if (process.env.LISTS_REPORT !== undefined)
      appendFileSync(
        process.env.LISTS_REPORT,
        `${who}\t${path}\t${Math.max(...pages.map(({ rows }) => rows))}\t${Math.max(...pages.map(({ ms }) => ms)).toFixed(1)}\n`,
      );
    const exception = EXCEPTIONS.find((each) => each.who === who && each.path.test(path));
    const isTooWide = (page: Reading) =>
      exception === undefined ? isWide(page) : page.rows > exception.rows || page.ms > MOST_MS;
    expect(pages.filter(isTooWide).map(tell)).toEqual([]);
  });
});
