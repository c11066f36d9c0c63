import { type TestApp, compiled } from '../app';

export const PRODUCT_UID = 'api::product.product';
export const CATEGORY_UID = 'api::category.category';
export const BRAND_UID = 'api::brand.brand';

type Attributes = Record<string, unknown>;

let serial = 0;
/** A text nothing else in the suite has. */
export const unique = (text: string): string => `${text}-${(serial += 1)}`;

/** Strapi types documents by generated types; the factories build any of them. */
interface Documents {
  create(params: Attributes): Promise<Attributes & { id: number; documentId: string }>;
  update(params: Attributes): Promise<Attributes>;
  delete(params: Attributes): Promise<unknown>;
  findOne(params: Attributes): Promise<Attributes | null>;
  clone(params: Attributes): Promise<{ entries: (Attributes & { documentId: string })[] }>;
}
export const documents = ({ strapi }: TestApp, uid: string): Documents =>
  strapi.documents(uid as never) as never;

export interface Made {
  id: number;
  documentId: string;
  name: string;
}

async function make(app: TestApp, uid: string, data: Attributes, english?: Attributes): Promise<Made> {
  const { id, documentId } = await documents(app, uid).create({ data });
  if (english !== undefined) await documents(app, uid).update({ documentId, locale: 'en', data: english });
  return { id, documentId, name: String(data.name) };
}

export interface CategoryOptions extends Attributes {
  level?: 'major' | 'minor' | 'item';
  parent?: string;
  english?: string;
}

/** A category, in Chinese and, when a name is given, in English. */
export function makeCategory(
  app: TestApp,
  { english, parent, ...data }: CategoryOptions = {},
): Promise<Made> {
  const place = parent === undefined ? {} : { parent: { connect: [{ documentId: parent }] } };
  return make(
    app,
    CATEGORY_UID,
    { name: unique('分类'), level: 'major', ...data, ...place },
    english === undefined ? undefined : { name: english },
  );
}

/** A branch of three levels. */
export async function makeBranch(app: TestApp): Promise<{ major: Made; minor: Made; item: Made }> {
  const major = await makeCategory(app, { level: 'major' });
  const minor = await makeCategory(app, { level: 'minor', parent: major.documentId });
  const item = await makeCategory(app, { level: 'item', parent: minor.documentId });
  return { major, minor, item };
}

/** A brand, in Chinese and, when a name is given, in English. */
export function makeBrand(
  app: TestApp,
  { english, ...data }: Attributes & { english?: string } = {},
): Promise<Made> {
  return make(
    app,
    BRAND_UID,
    { name: unique('品牌'), ...data },
    english === undefined ? undefined : { name: english },
  );
}

export interface ProductOptions extends Attributes {
  category?: string;
  brand?: string;
  /** Pieces on hand; no inventory item when left out. */
  stock?: number;
  salesCount?: number;
  createdAt?: Date;
  english?: Attributes;
}

/** A product on sale for 1,999.00 yuan, with secrets that must never be shown. */
export async function makeProduct(app: TestApp, options: ProductOptions = {}): Promise<Made> {
  const { category, brand, stock, salesCount, createdAt, english, ...data } = options;
  const product = await make(
    app,
    PRODUCT_UID,
    {
      name: unique('商品'),
      price: 1999,
      supplyPrice: 1234.56,
      invoicePrice: 1345.67,
      marketPrice: 2456.78,
      stockRebate: 12.34,
      rebateMoney: 23.45,
      productCode: unique('SECRETCODE'),
      ...data,
      ...(category === undefined ? {} : { category: { documentId: category } }),
      ...(brand === undefined ? {} : { brand: { documentId: brand } }),
    },
    english,
  );
  if (stock !== undefined) await setStock(app, product, stock);
  const columns = {
    ...(salesCount === undefined ? {} : { sales_count: salesCount }),
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
  };
  if (Object.keys(columns).length > 0) {
    await app.strapi.db.connection('products').where('document_id', product.documentId).update(columns);
  }
  return product;
}

/** Sets what is on hand through the one writer of stock. */
export async function setStock(
  _app: TestApp,
  product: Pick<Made, 'id' | 'documentId'>,
  onHand: number,
): Promise<void> {
  const { inTransaction } =
    compiled<typeof import('../../../src/platform/database')>('src/platform/database');
  const { adjustStock } = compiled<typeof import('../../../src/api/inventory/services/stock-adjustment')>(
    'src/api/inventory/services/stock-adjustment',
  );
  await inTransaction((tx) =>
    adjustStock(tx, {
      productDocumentId: product.documentId,
      productId: product.id,
      onHand,
      reason: 'test',
      operator: 'test',
    }),
  );
}

/** A picture in the media library, linked to a row; only the rows, no file. */
export async function linkPicture(
  app: TestApp,
  to: { uid: string; field: string; id: number },
  file: Attributes,
): Promise<void> {
  const row = await app.strapi.db.query('plugin::upload.file').create({
    data: {
      name: 'picture.png',
      hash: unique('hash'),
      mime: 'image/png',
      size: 1,
      provider: 'local',
      ...file,
    },
  });
  const related = app.strapi.db
    .connection('files_related_mph')
    .where({ related_id: to.id, related_type: to.uid, field: to.field });
  const [{ total }] = await related.clone().count({ total: '*' });
  await app.strapi.db.connection('files_related_mph').insert({
    file_id: row.id,
    related_id: to.id,
    related_type: to.uid,
    field: to.field,
    order: Number(total) + 1,
  });
}

/** Nothing the shop has kept is given any more: the next read asks the database. */
export const forgetAnswers = (): void =>
  compiled<typeof import('../../../src/platform/cache')>('src/platform/cache')
    .shopCache()
    .changes.noteEverything();

/**
 * The SQL statements that `work` causes. Strapi reads a written document once more in the background, for its
 * listeners: `work` is done again until twice in a row it caused equally many. No answer is taken from the cache.
 */
export async function countStatements(app: TestApp, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const listen = ({ sql }: { sql: string }): void => void statements.push(sql);
  app.strapi.db.connection.on('query', listen);
  try {
    for (let before = -1; ; before = statements.length) {
      statements.length = 0;
      forgetAnswers();
      await work();
      if (statements.length === before) return statements;
    }
  } finally {
    app.strapi.db.connection.removeListener('query', listen);
  }
}
