/** Every way a write can change what shoppers read of the catalogue, to be followed by a read that must know of it. */
import type { TestApp } from './app';
import {
  BRAND_UID,
  CATEGORY_UID,
  documents,
  type Made,
  makeBrand,
  makeCategory,
  PRODUCT_UID,
  unique,
} from './factories/catalogue';
import { productOf, putGoods, runSync } from './factories/haier';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  startPaying,
  stockProduct,
} from './factories/orders';
import { panelUser, type PanelUser } from './factories/panel';

export interface CatalogueWorld {
  app: TestApp;
  product: string;
  /** Bought at Haier, listed. */
  haier: { code: string; product: string };
  brand: Made;
  category: Made;
  staff: { token: string };
  buyer: Buyer;
  admin: PanelUser;
}

export interface WritePath {
  name: string;
  /** What a shopper reads. */
  path(world: CatalogueWorld): string;
  /** The value in the answer that the write changes. */
  value(data: never): unknown;
  /** Writes, and resolves what the value must be now. */
  write(world: CatalogueWorld): Promise<unknown>;
}

export async function createCatalogueWorld(app: TestApp): Promise<CatalogueWorld> {
  const [staff, buyer, admin] = [
    await createStaff(app),
    await createBuyer(app),
    await panelUser(app, 'superAdmin'),
  ];
  const [brand, category] = [await makeBrand(app), await makeCategory(app)];
  const product = await stockProduct(app, staff, 500, {
    brand: brand.documentId,
    category: category.documentId,
  });
  app.sandbox.control.haier.catalogue(false);
  const code = unique('FRESH');
  putGoods(app, code, { productModel: 'BCD-1', productGroup: '冰箱', brand: '海尔' });
  await runSync(app, 'products', { productCodes: [code] });
  const ofHaier = String((await productOf(app, code)).documentId);
  await documents(app, PRODUCT_UID).update({ documentId: ofHaier, data: { isActive: true } });
  return { app, product, haier: { code, product: ofHaier }, brand, category, staff, buyer, admin };
}

const ofProduct = ({ product }: CatalogueWorld): string => `/products/${product}`;
type Product = {
  documentId: string;
  name: string;
  price: number;
  stock: number;
  salesCount: number;
  productModel: string;
  brand: { name: string };
  category: { name: string };
};
const stockOf = async ({ app, product }: CatalogueWorld): Promise<number> => {
  const row = await app.strapi.db
    .connection('inventory_items')
    .where({ product_document_id: product })
    .first();
  return row.on_hand - row.locked;
};
const expectOk = ({ status, body }: { status: number; body: unknown }): void => {
  if (status >= 300) throw new Error(`answered ${status} ${JSON.stringify(body)}`);
};
const save = (world: CatalogueWorld, uid: string, id: string, data: object) =>
  world.admin.call('put', `/content-manager/collection-types/${uid}/${id}`).send(data).then(expectOk);

export const WRITE_PATHS: WritePath[] = [
  {
    name: 'a product saved in the content manager',
    path: ofProduct,
    value: (data: Product) => data.name,
    async write(world) {
      const name = unique('改名');
      await save(world, PRODUCT_UID, world.product, { name });
      return name;
    },
  },
  {
    name: 'a product saved in the content manager, in a search',
    path: ({ product }) => `/products?filters[documentId]=${product}&search=${encodeURIComponent('名')}`,
    value: (data: Product[]) => data[0]?.name,
    async write(world) {
      const name = unique('新名');
      await save(world, PRODUCT_UID, world.product, { name });
      return name;
    },
  },
  {
    name: 'its brand renamed',
    path: ofProduct,
    value: (data: Product) => data.brand.name,
    async write(world) {
      const name = unique('新品牌');
      await save(world, BRAND_UID, world.brand.documentId, { name });
      return name;
    },
  },
  {
    name: 'a category renamed, in the tree',
    path: () => '/categories/tree',
    value: (data: { name: string }[]) =>
      data
        .map(({ name }) => name)
        .sort()
        .join(),
    async write(world) {
      await save(world, CATEGORY_UID, world.category.documentId, { name: unique('新分类') });
      const rows = await world.app.strapi.db
        .connection('categories')
        .where({ level: 'major', locale: 'zh-Hans' });
      return rows
        .map(({ name }: { name: string }) => name)
        .sort()
        .join();
    },
  },
  {
    name: 'a brand that is new, in the list',
    path: () => '/brands?pagination[pageSize]=100',
    value: (data: unknown[]) => data.length,
    async write({ app }) {
      await makeBrand(app);
      return (await app.strapi.db.connection('brands').where({ locale: 'zh-Hans', is_active: true })).length;
    },
  },
  {
    name: 'a price through the document service',
    path: ofProduct,
    value: (data: Product) => data.price,
    async write({ app, product }) {
      // Divided last: a sum of yuan and fen may not be the number its decimal notation is read back as.
      const price = (10_000 + Math.round(Math.random() * 1_000_000)) / 100;
      await documents(app, PRODUCT_UID).update({ documentId: product, data: { price } });
      return price;
    },
  },
  {
    name: 'stock counted by staff over REST',
    path: ofProduct,
    value: (data: Product) => data.stock,
    async write(world) {
      const { app, product, staff } = world;
      expectOk(
        await app.api('post', `/inventory/${product}/adjust`, staff.token).send({ delta: 7, reason: '入库' }),
      );
      return stockOf(world);
    },
  },
  {
    name: 'an order placed',
    path: ofProduct,
    value: (data: Product) => data.stock,
    async write(world) {
      await placeOrder(world.app, world.buyer, world.product, 2);
      return stockOf(world);
    },
  },
  {
    name: 'an order paid',
    path: ({ product }) => `/products?sort=salesCount:desc&filters[documentId]=${product}`,
    value: (data: Product[]) => data[0]?.salesCount,
    async write({ app, buyer, product }) {
      const { documentId } = await placeOrder(app, buyer, product, 3);
      const { payParams } = await startPaying(app, buyer, { order: documentId });
      await payAtWechat(app, buyer, payParams);
      const row = await app.strapi.db
        .connection('products')
        .where({ document_id: product, locale: 'zh-Hans' })
        .first();
      return row.sales_count;
    },
  },
  {
    name: 'an order cancelled',
    path: ofProduct,
    value: (data: Product) => data.stock,
    async write(world) {
      const { documentId } = await placeOrder(world.app, world.buyer, world.product, 4);
      const cancelled = world.app.api('post', `/orders/${documentId}/cancel`, world.buyer.token);
      expectOk(await cancelled.send({ reason: '不想要了' }));
      await placeOrder(world.app, world.buyer, world.product, 1);
      return stockOf(world);
    },
  },
  {
    name: 'a sync from Haier',
    path: ({ haier }) => `/products/${haier.product}`,
    value: (data: Product) => data.productModel,
    async write({ app, haier }) {
      const productModel = unique('BCD');
      putGoods(app, haier.code, { productModel });
      await runSync(app, 'products', { productCodes: [haier.code] });
      return productModel;
    },
  },
  {
    name: 'a statement of SQL',
    path: ofProduct,
    value: (data: Product) => data.name,
    async write({ app, product }) {
      const name = unique('语句');
      await app.strapi.db.connection('products').where({ document_id: product }).update({ name });
      return name;
    },
  },
];
