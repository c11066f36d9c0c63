/**
 * What holds for every write of a product through Strapi's documents: panel, synchronisation and code alike. Counters
 * are never written by a form, amounts have at most two places, a code names one product.
 */
import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';

import { MAX_AMOUNT_FEN, readFen } from '../../../domain/money';
import { isUniqueViolation } from '../../../platform/database';
import { panelRefusal } from '../../../platform/errors';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { PRODUCT_UID } from '../product-rows';

type Data = Record<string, unknown>;

/** Written by sales and views alone; an editor who saves a form of yesterday must not bring yesterday's numbers back. */
const COUNTERS = ['salesCount', 'viewCount'] as const;

const AMOUNTS: Record<string, string> = {
  price: '售价',
  supplyPrice: '供货价',
  invoicePrice: '开票价',
  marketPrice: '市场价',
  stockRebate: '直扣比例',
  rebateMoney: '返利金额',
};
function checkAmounts(data: Data): void {
  for (const [field, label] of Object.entries(AMOUNTS)) {
    const value = data[field];
    if (value === undefined || value === null) continue;
    const fen = readFen(value);
    if (fen === undefined || fen < 0 || fen > MAX_AMOUNT_FEN) {
      throw panelRefusal(
        {
          zh: `${label}必须是不小于 0、不大于 99999999.99 的金额，最多两位小数`,
          en: `${field} must be an amount from 0 to 99999999.99 with at most two decimal places`,
        },
        field,
      );
    }
  }
}

const codeTaken = (code: unknown): Error =>
  panelRefusal(
    {
      zh: `商品编码“${String(code)}”已被其他商品使用`,
      en: `The product code "${String(code)}" is used by another product`,
    },
    'productCode',
  );

/** Every language row of a document carries the code, so uniqueness is a matter of documents, not of rows. */
async function checkCode(strapi: Core.Strapi, data: Data, documentId: string | undefined): Promise<void> {
  if (typeof data.productCode !== 'string') return;
  const code = data.productCode.trim();
  data.productCode = code === '' ? null : code;
  if (code === '') return;
  const other = await strapi.db.query(PRODUCT_UID).findOne({
    where: { productCode: code, ...(documentId === undefined ? {} : { documentId: { $ne: documentId } }) },
    select: ['id'],
  });
  if (other !== null) throw codeTaken(code);
}

async function setCounters(
  strapi: Core.Strapi,
  action: string,
  data: Data,
  params: { documentId?: string; locale?: unknown },
): Promise<void> {
  for (const counter of COUNTERS) delete data[counter];
  if (action !== 'update') {
    for (const counter of COUNTERS) data[counter] = 0;
    return;
  }
  const { documentId, locale } = params;
  if (documentId === undefined || typeof locale !== 'string' || locale === DEFAULT_LOCALE) return;
  // An update in a language the document does not have yet makes its row, which begins with the document's numbers.
  const rows = (await strapi.db.query(PRODUCT_UID).findMany({
    where: { documentId, locale: { $in: [locale, DEFAULT_LOCALE] } },
    select: ['locale', ...COUNTERS],
  })) as { locale: string; salesCount: number | null; viewCount: number | null }[];
  const main = rows.find((row) => row.locale === DEFAULT_LOCALE);
  if (main === undefined || rows.some((row) => row.locale === locale)) return;
  for (const counter of COUNTERS) data[counter] = main[counter] ?? 0;
}

/** What the synchronisation with Haier remembers; see `product/haier/feed`. */
const SYNC_FACTS = ['offSaleBySync', 'haierImages', 'haierBrand', 'haierCategory', 'lastSyncAt'] as const;

/** What the synchronisation took off sale it may put back; whoever changes that by hand decides from then on. */
async function setSyncFacts(
  strapi: Core.Strapi,
  action: string,
  data: Data,
  documentId: string | undefined,
): Promise<void> {
  for (const fact of SYNC_FACTS) delete data[fact];
  if (action === 'clone') for (const fact of SYNC_FACTS) data[fact] = null;
  if (action !== 'update' || documentId === undefined) return;
  if (data.isSales === undefined && data.noSalesReason === undefined) return;
  const row = (await strapi.db.query(PRODUCT_UID).findOne({
    where: { documentId, locale: DEFAULT_LOCALE },
    select: ['isSales', 'noSalesReason', 'offSaleBySync'],
  })) as { isSales: boolean | null; noSalesReason: string | null; offSaleBySync: boolean | null } | null;
  if (row?.offSaleBySync !== true) return;
  const isChanged =
    (data.isSales !== undefined && data.isSales !== row.isSales) ||
    (data.noSalesReason !== undefined && (data.noSalesReason ?? '') !== (row.noSalesReason ?? ''));
  if (isChanged) data.offSaleBySync = false;
}

/** The index that refuses a second document with the same code also when two are written at the same moment. */
const CODE_INDEX = { name: 'shop_unique_product_code', columns: 'products.product_code, products.locale' };

/** True for Strapi's own check of uniqueness, which sees what was written after ours and says so in fewer words. */
function isStrapisUniqueness(error: unknown): boolean {
  if (!(error instanceof errors.ValidationError)) return false;
  const { errors: problems = [] } = error.details as { errors?: { path?: unknown[]; message?: string }[] };
  return problems.some(
    ({ path, message }) => path?.[0] === 'productCode' && message === 'This attribute must be unique',
  );
}

/** Keeps the rules of product writes. */
export function guardProductWrites(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { action } = context;
    if (context.uid !== PRODUCT_UID || (action !== 'create' && action !== 'update' && action !== 'clone'))
      return next();
    // The three actions share these parameters; their types are those of one content type, known only at run time here.
    const params = context.params as { documentId?: string; locale?: unknown; data?: Data };
    const data: Data = { ...params.data };
    await setCounters(strapi, action, data, params);
    await setSyncFacts(strapi, action, data, params.documentId);
    checkAmounts(data);
    await checkCode(strapi, data, action === 'update' ? params.documentId : undefined);
    if (action === 'clone' && data.productCode === undefined) data.productCode = null;
    params.data = data;
    try {
      return await next();
    } catch (error) {
      if (isUniqueViolation(error, CODE_INDEX) || isStrapisUniqueness(error))
        throw codeTaken(data.productCode);
      throw error;
    }
  });
}
