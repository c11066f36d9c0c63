import { createHash } from 'node:crypto';

import type { TestApp } from './app';
import { compiled } from './app';
import { createAddress, type SignedInClient } from './factories/accounts';
import {
  documents,
  makeBrand,
  makeCategory,
  makeProduct,
  PRODUCT_UID,
  setStock,
} from './factories/catalogue';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placeOrder,
  placePaidOrder,
  startPaying,
} from './factories/orders';

/** A shop with one of everything, a shopper it belongs to, a stranger, and staff. */
export interface HostileWorld {
  app: TestApp;
  shopper: Buyer;
  stranger: Buyer;
  staff: SignedInClient;
  /** A user nobody will miss. */
  victim: string;
  ids: Record<string, string>;
  strangersIds: Record<string, string>;
  products: { onSale: string; inactive: string; notForSale: string; deleted: string; haier: string };
  checkoutNumber: string;
}

const idsOf = async (app: TestApp, buyer: Buyer, product: string) => {
  const order = await placeOrder(app, buyer, product);
  const { data: payment } = await startPaying(app, buyer, { order: order.documentId });
  const { order: paid } = await placePaidOrder(app, buyer, product);
  const refund = await app
    .api('post', `/orders/${paid.documentId}/refund`, buyer.token)
    .send({ reason: '不想要了' });
  const cart = await app.api('post', '/cart/items', buyer.token).send({ data: { product, quantity: 1 } });
  const { id } = await app.strapi.db
    .connection('up_users')
    .where({ document_id: buyer.user.documentId })
    .first('id');
  const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
  const { notifyUser } = compiled<typeof import('../../src/api/notification/notify')>(
    'src/api/notification/notify',
  );
  await inTransaction((tx) =>
    notifyUser(tx, { userId: Number(id), type: 'system', title: '通知', content: '内容', data: {} }),
  );
  const notifications = await app.api('get', '/notifications', buyer.token);
  const deferred = await app
    .api('post', '/orders', buyer.token)
    .set('Prefer', 'respond-async')
    .send({ data: { product, quantity: 1, address: buyer.address } });
  const second = await createAddress(app, buyer.token);
  return {
    orders: order.documentId,
    payments: payment.documentId,
    refunds: refund.body.data.documentId as string,
    items: cart.body.data.items[0].documentId as string,
    notifications: notifications.body.data[0].documentId as string,
    tasks: deferred.body.data.taskId as string,
    addresses: second.documentId,
    users: buyer.user.documentId,
    checkoutNumber: order.checkoutNumber,
  };
};

export async function createHostileWorld(app: TestApp): Promise<HostileWorld> {
  const [shopper, stranger, victim] = [
    await createBuyer(app),
    await createBuyer(app),
    await createBuyer(app),
  ];
  const staff = await createStaff(app, { isSuperuser: true });
  const category = await makeCategory(app);
  const brand = await makeBrand(app);
  const onSale = await makeProduct(app, {
    price: 10,
    category: category.documentId,
    brand: brand.documentId,
  });
  await setStock(app, onSale, 1_000);
  const inactive = await makeProduct(app, { isActive: false, stock: 5 });
  const notForSale = await makeProduct(app, { isSales: false, stock: 5 });
  const deleted = await makeProduct(app, { stock: 5 });
  const haier = await makeProduct(app, { source: 'haier' });
  await documents(app, PRODUCT_UID).delete({ documentId: deleted.documentId, locale: '*' });
  const { checkoutNumber, ...own } = await idsOf(app, shopper, onSale.documentId);
  const strangersIds = await idsOf(app, stranger, onSale.documentId);
  return {
    app,
    shopper,
    stranger,
    staff,
    victim: victim.user.documentId,
    ids: {
      ...own,
      users: victim.user.documentId,
      categories: category.documentId,
      brands: brand.documentId,
      products: onSale.documentId,
      inventory: onSale.documentId,
    },
    strangersIds,
    products: {
      onSale: onSale.documentId,
      inactive: inactive.documentId,
      notForSale: notForSale.documentId,
      deleted: deleted.documentId,
      haier: haier.documentId,
    },
    checkoutNumber,
  };
}

export interface HostileRoute {
  method: string;
  /** As the route file has it, `/orders/:id`. */
  pattern: string;
  action: string;
  isPublic: boolean;
  /** It takes query parameters. */
  readsQuery: boolean;
  /** Only staff may call it. */
  isForStaff: boolean;
  /** `POST /orders/:id`, the name in tables. */
  name: string;
  /** The part before the parameter that says what it names: `orders`, `items`. */
  names: string | undefined;
}

interface StrapiRoute {
  method: string;
  path: string;
  handler: string;
}

const SIGNED_BY_WECHAT = /^\/payments\/notify\//;

/** Every REST route of the shop as it is mounted, so that a new one is attacked without being mentioned here. */
export function hostileRoutes({ strapi }: TestApp): HostileRoute[] {
  const { GRANTS } = compiled<typeof import('../../src/extensions/users-permissions/grants')>(
    'src/extensions/users-permissions/grants',
  );
  const { QUERY_READERS } = compiled<typeof import('../../src/query-readers')>('src/query-readers');
  const apis = strapi.apis as unknown as Record<
    string,
    { routes: Record<string, { type?: string; routes: StrapiRoute[] }> }
  >;
  return Object.values(apis)
    .flatMap(({ routes }) => Object.values(routes))
    .filter(({ type }) => type !== 'admin')
    .flatMap((router) => router.routes)
    .filter(({ path }) => !SIGNED_BY_WECHAT.test(path))
    .map(({ method, path, handler }) => ({
      method,
      pattern: path,
      action: handler,
      isPublic: GRANTS.public.has(handler),
      readsQuery: QUERY_READERS.has(handler),
      isForStaff: !GRANTS.shopper.has(handler) && GRANTS.staff.has(handler),
      name: `${method} ${path}`,
      names: /([a-z]+)\/:/.exec(path)?.[1],
    }));
}

/** The path with an id in it. */
export const fillPath = (pattern: string, id: string): string =>
  `/api/v1${pattern.replace(/:[A-Za-z]+/, id)}`;

/** Strapi notes the hour of its own housekeeping here. */
const STRAPIS_OWN = new Set(['strapi_core_store_settings']);
/** Columns that a read may change: looks are counted a while after. */
const UNSTABLE = new Set(['view_count']);

/** A digest of every table the shop has, to compare before and after: nothing written means not one byte. */
export async function digestTables({ strapi }: TestApp): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  const tables = new Set(
    [...strapi.db.metadata.values()].flatMap((meta) => [meta.tableName, ...joinTablesOf(meta)]),
  );
  for (const table of tables) {
    if (STRAPIS_OWN.has(table)) continue;
    const rows = (await strapi.db.connection(table).orderBy('id')) as Record<string, unknown>[];
    const hash = createHash('sha256');
    for (const row of rows)
      hash.update(JSON.stringify(Object.entries(row).filter(([column]) => !UNSTABLE.has(column))));
    digests[table] = `${rows.length} rows ${hash.digest('hex').slice(0, 12)}`;
  }
  return digests;
}

function joinTablesOf(meta: { attributes: Record<string, unknown> }): string[] {
  return Object.values(meta.attributes).flatMap((attribute) => {
    const { joinTable } = attribute as { joinTable?: { name: string } };
    return joinTable === undefined ? [] : [joinTable.name];
  });
}
