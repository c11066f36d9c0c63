import type { Core } from '@strapi/strapi';

import { fenToYuan, yuanToFen } from '../../../domain/money';
import { inTransaction, oneProcessAtATime, type Tx } from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { adjustStock } from '../../inventory/services/stock-adjustment';
import { BRANDS, CATEGORIES, type DemoCategory, DISCOUNTS, type Text } from './catalogue-data';
import { drawAppliance, drawBrand } from './drawings';
import { type DemoProduct, PRODUCTS } from './product-data';
import { uploadPicture } from './upload-picture';

/** Levels of the category tree by depth. */
const CATEGORY_LEVELS = ['major', 'minor', 'item'];
const LOCK = 7_210_442;
const STORE = { type: 'core', name: 'shop' };
const FLAG = 'demo-catalogue';

type Data = Record<string, unknown>;
interface Made {
  id: number;
  documentId: string;
}
/** documentIds by the keys of the demo data. */
type Keys = Map<string, string>;

/** Makes a document in Chinese, and its English row. */
async function make(strapi: Core.Strapi, uid: string, data: Data, english?: Data): Promise<Made> {
  // The types of documents are generated per content type; here it is any of four.
  const documents = strapi.documents(uid as 'api::product.product') as unknown as {
    create(params: { data: Data; locale?: string }): Promise<Made>;
    update(params: { documentId: string; data: Data; locale: string }): Promise<unknown>;
  };
  const made = await documents.create(english === undefined ? { data } : { data, locale: DEFAULT_LOCALE });
  if (english !== undefined)
    await documents.update({ documentId: made.documentId, locale: 'en', data: english });
  return made;
}

const to = (keys: Keys, key: string): { connect: { documentId: string }[] } => {
  const documentId = keys.get(key);
  if (documentId === undefined) throw new Error(`the demo catalogue has no ${key}`);
  return { connect: [{ documentId }] };
};

async function seedCategories(
  strapi: Core.Strapi,
  entries: DemoCategory[],
  keys: Keys,
  parent?: string,
  depth = 0,
): Promise<void> {
  for (const [index, { key, name, children = [] }] of entries.entries()) {
    const place = parent === undefined ? {} : { parent: to(keys, parent) };
    const data = { name: name.zh, level: CATEGORY_LEVELS[depth], order: index + 1, ...place };
    const { documentId } = await make(strapi, 'api::category.category', data, { name: name.en, ...place });
    keys.set(key, documentId);
    await seedCategories(strapi, children, keys, key, depth + 1);
  }
}

async function seedBrands(strapi: Core.Strapi): Promise<Keys> {
  const keys: Keys = new Map();
  for (const [index, { key, name, description, accent }] of BRANDS.entries()) {
    const logo = await uploadPicture(strapi, {
      name: `brand-${key}`,
      alternativeText: name.zh,
      png: drawBrand(accent),
    });
    const data = { name: name.zh, description: description.zh, order: index + 1, isActive: true, logo };
    const { documentId } = await make(strapi, 'api::brand.brand', data, {
      name: name.en,
      description: description.en,
    });
    keys.set(key, documentId);
  }
  return keys;
}

const inLanguage = (specifications: [Text, Text][], language: keyof Text): Record<string, string> =>
  Object.fromEntries(specifications.map(([name, value]) => [name[language], value[language]]));

/** A share of the price in percent, in yuan. */
const share = (price: number, percent: number): number =>
  fenToYuan(Math.round((yuanToFen(price) * percent) / 100));

async function seedProduct(
  strapi: Core.Strapi,
  tx: Tx,
  product: DemoProduct,
  keys: { brands: Keys; categories: Keys },
): Promise<string> {
  const { name, price, specifications, source, stock } = product;
  const picture = await uploadPicture(strapi, {
    name: product.code.toLowerCase(),
    alternativeText: name.zh,
    png: drawAppliance(product.appliance, product.accent),
  });
  const place = { brand: to(keys.brands, product.brand), category: to(keys.categories, product.category) };
  const data = {
    name: name.zh,
    description: `**${name.zh}**\n\n演示商品，价格与参数均为虚构。`,
    specifications: inLanguage(specifications, 'zh'),
    price,
    supplyPrice: share(price, 78),
    invoicePrice: share(price, 82),
    marketPrice: share(price, 120),
    source,
    productCode: product.code,
    productModel: product.model,
    isActive: true,
    isSales: true,
    mainImages: [picture],
    detailImages: [picture],
    ...place,
  };
  const english = {
    name: name.en,
    description: `**${name.en}**\n\nA product of the demo; price and figures are made up.`,
    specifications: inLanguage(specifications, 'en'),
    ...place,
  };
  const { id, documentId } = await make(strapi, 'api::product.product', data, english);
  if (source === 'local') {
    await adjustStock(tx, {
      productDocumentId: documentId,
      productId: id,
      onHand: stock,
      reason: '演示库存',
      operator: 'system',
    });
  }
  return documentId;
}

async function seedDiscounts(strapi: Core.Strapi, products: Keys, categories: Keys): Promise<void> {
  const connect = (keys: Keys, names: string[]) => ({
    connect: names.flatMap((name) => to(keys, name).connect),
  });
  for (const discount of DISCOUNTS) {
    await make(strapi, 'api::discount.discount', {
      name: discount.name,
      kind: discount.kind,
      value: discount.value,
      minQuantity: 1,
      isActive: true,
      products: connect(products, discount.products ?? []),
      categories: connect(categories, discount.categories ?? []),
    });
  }
}

async function seedEverything(strapi: Core.Strapi, tx: Tx): Promise<void> {
  const categories: Keys = new Map();
  await seedCategories(strapi, CATEGORIES, categories);
  const brands = await seedBrands(strapi);
  const products: Keys = new Map();
  // One after the other: they share one transaction.
  for (const product of PRODUCTS)
    products.set(product.code, await seedProduct(strapi, tx, product, { brands, categories }));
  await seedDiscounts(strapi, products, categories);
}

/**
 * Fills an empty shop with a catalogue to look at, once in its life: what staff delete of it stays deleted, and a shop
 * that has products of its own is left alone. All of it is one transaction, so a start that is killed leaves nothing
 * behind but picture files, and of processes that start together one seeds while the others wait.
 */
export async function seedDemoCatalogue(strapi: Core.Strapi): Promise<void> {
  const store = strapi.store(STORE);
  if ((await store.get({ key: FLAG })) !== null) return;
  await inTransaction(async (tx) => {
    await oneProcessAtATime(tx, LOCK);
    if ((await store.get({ key: FLAG })) !== null) return;
    const isEmpty = (await strapi.db.query('api::product.product').count()) === 0;
    if (isEmpty) await seedEverything(strapi, tx);
    await store.set({ key: FLAG, value: { seeded: isEmpty } });
  });
}
