/**
 * What Haier says about a product, and what that means for ours. Pure: rows come in, the columns that must change come out.
 *
 * Haier's word counts for the facts (model, group, costs, pictures) and takes goods off sale. It never touches the selling
 * price, the name or whether staff list the product, and it puts back on sale only what it took off itself.
 */
import { fenToYuan, MAX_AMOUNT_FEN } from '../../../domain/money';

/** A part that is left out is not known, and nothing of it is touched. */
export interface FeedUpdate {
  productCode: string;
  product?: {
    productModel: string | null;
    productGroup: string | null;
    brandName: string | null;
    mainImageUrl: string | null;
    pageImageUrls: string[];
    isOnSale: boolean;
    notOnSaleReason: string | null;
    /** documentIds; null where nothing is mapped. */
    brand: string | null;
    category: string | null;
  };
  price?: {
    supplyPriceFen: number | null;
    invoicePriceFen: number | null;
    stockRebateRate: number | null;
    rebateMoneyFen: number | null;
    isOnSale: boolean | null;
    reason: string | null;
  };
  pieces?: number;
}

/** Haier's pictures, shown until staff add their own. */
export interface HaierImages {
  main: string | null;
  pages: string[];
}

/** What the feed decides about a product, as the row has it. Yuan; `stockRebate` is a percentage. */
export interface FeedFacts {
  productModel: string | null;
  productGroup: string | null;
  supplyPrice: number | null;
  invoicePrice: number | null;
  stockRebate: number | null;
  rebateMoney: number | null;
  isSales: boolean;
  noSalesReason: string | null;
  /** It is off sale, and it was the feed that took it off. */
  offSaleBySync: boolean;
  haierImages: HaierImages | null;
  /** documentIds the mapping gave last: staff who chose something else keep it. */
  haierBrand: string | null;
  haierCategory: string | null;
}

/** A product as it stands, with the documentIds it is linked to. */
export interface KnownProduct extends FeedFacts {
  brand: string | null;
  category: string | null;
}

export const NO_FACTS: KnownProduct = {
  productModel: null,
  productGroup: null,
  supplyPrice: null,
  invoicePrice: null,
  stockRebate: null,
  rebateMoney: null,
  isSales: true,
  noSalesReason: null,
  offSaleBySync: false,
  haierImages: null,
  haierBrand: null,
  haierCategory: null,
  brand: null,
  category: null,
};

/** The feed says something that cannot be kept; the sentence is for staff. */
export class UnusableFeed extends Error {}

const MAX_CODE = 64;
const MAX_NAME = 200;
const MAX_WORD = 100;
const MAX_REASON = 200;
const MAX_PAGES = 30;
const MAX_URL = 1_000;
/** When Haier gives no reason of its own. */
const NOT_SOLD = '海尔暂不可采';

/** One line without control characters, which PostgreSQL would refuse or a page would break on. */
function lineOf(text: string | null, max: number): string | null {
  if (text === null) return null;
  const line = text
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, max);
  return line === '' ? null : line;
}

/** The code, or UnusableFeed for one no product can have. */
export function checkCode(code: string): string {
  if (code === '' || code.length > MAX_CODE || lineOf(code, MAX_CODE) !== code)
    throw new UnusableFeed('商品编码无效 the product code is not usable');
  return code;
}

/** Only addresses a browser fetches; the shop itself never does. */
function imageUrl(text: string): string | null {
  const candidate = text.trim();
  if (candidate.length > MAX_URL || !URL.canParse(candidate)) return null;
  return /^https?:$/.test(new URL(candidate).protocol) ? candidate : null;
}

function imagesOf({ mainImageUrl, pageImageUrls }: NonNullable<FeedUpdate['product']>): HaierImages | null {
  const main = mainImageUrl === null ? null : imageUrl(mainImageUrl);
  const pages = [...new Set(pageImageUrls.flatMap((url) => imageUrl(url) ?? []))].slice(0, MAX_PAGES);
  return main === null && pages.length === 0 ? null : { main, pages };
}

function amount(fen: number | null, name: string): number | null {
  if (fen === null) return null;
  if (!Number.isSafeInteger(fen) || fen < 0 || fen > MAX_AMOUNT_FEN)
    throw new UnusableFeed(`金额无效 not an amount: ${name}`);
  return fenToYuan(fen);
}

/** A rate such as 0.055 as a percentage with two places. */
const percentOf = (rate: number | null): number | null =>
  rate === null || !(rate >= 0 && rate <= 1) ? null : Math.round(rate * 10_000) / 100;

/** Without a supply price (`价格未生效`) the answer names no money, and the figures of before stay. */
function money(price: NonNullable<FeedUpdate['price']>): Partial<FeedFacts> {
  if (price.supplyPriceFen === null) return {};
  return {
    supplyPrice: amount(price.supplyPriceFen, 'supplyPrice'),
    invoicePrice: amount(price.invoicePriceFen, 'invoicePrice'),
    stockRebate: percentOf(price.stockRebateRate),
    rebateMoney: amount(price.rebateMoneyFen, 'rebateMoney'),
  };
}

type SaleFacts = Pick<FeedFacts, 'isSales' | 'noSalesReason' | 'offSaleBySync'>;

/** What being taken off sale does to a row; nothing where staff were there before. */
export function takenOffSale(known: SaleFacts, reason: string | null): SaleFacts {
  const said = lineOf(reason, MAX_REASON) ?? NOT_SOLD;
  if (!known.isSales && !known.offSaleBySync) return known;
  return { isSales: false, noSalesReason: said, offSaleBySync: true };
}

/** Why Haier does not sell it; undefined when nothing says so. */
function refusalOf({ product, price }: FeedUpdate): { reason: string | null } | undefined {
  if (product?.isOnSale === false) return { reason: product.notOnSaleReason };
  if (price?.isOnSale === false) return { reason: price.reason };
  if (price !== undefined && price.supplyPriceFen === null && price.reason !== null)
    return { reason: price.reason };
  return undefined;
}

/** On sale again needs list and price to say so, each of which can take it off alone. */
function saleFacts(known: SaleFacts, update: FeedUpdate): SaleFacts {
  const refusal = refusalOf(update);
  if (refusal !== undefined) return takenOffSale(known, refusal.reason);
  const isSoldAgain = update.product !== undefined && update.price !== undefined;
  if (!isSoldAgain || !known.offSaleBySync) return known;
  return { isSales: true, noSalesReason: null, offSaleBySync: false };
}

/** A link follows the mapping while it is empty or as the mapping left it; what staff chose stays. */
function link(current: string | null, mapped: string | null, last: string | null) {
  const isOurs = current === null || current === last;
  return mapped !== null && isOurs ? { current: mapped, last: mapped } : { current, last };
}

/** The product as it must be after this update. Throws UnusableFeed. */
export function applyFeed(known: KnownProduct, update: FeedUpdate): KnownProduct {
  const { product, price } = update;
  const next: KnownProduct = { ...known, ...saleFacts(known, update) };
  if (product !== undefined) {
    next.productModel = lineOf(product.productModel, MAX_WORD);
    next.productGroup = lineOf(product.productGroup, MAX_WORD);
    next.haierImages = imagesOf(product);
    const brand = link(known.brand, product.brand, known.haierBrand);
    const category = link(known.category, product.category, known.haierCategory);
    Object.assign(next, { brand: brand.current, haierBrand: brand.last });
    Object.assign(next, { category: category.current, haierCategory: category.last });
  }
  if (price !== undefined) Object.assign(next, money(price));
  return next;
}

/** For people: the columns behind these names are how the shop remembers, not what changed. */
const INNER = new Set<keyof KnownProduct>(['offSaleBySync', 'haierBrand', 'haierCategory']);

/** Names of what differs, in a fixed order; `inner` tells of differences that are only remembered. */
export function compareFacts(
  known: KnownProduct,
  next: KnownProduct,
): { fields: string[]; isInnerOnly: boolean } {
  const names = Object.keys(NO_FACTS) as (keyof KnownProduct)[];
  const differing = names.filter((name) =>
    name === 'haierImages'
      ? JSON.stringify(known[name]) !== JSON.stringify(next[name])
      : known[name] !== next[name],
  );
  const fields = differing.filter((name) => !INNER.has(name));
  return { fields, isInnerOnly: fields.length === 0 && differing.length > 0 };
}

/** What a new product is called until staff name it. */
export const proposedName = (update: FeedUpdate): string =>
  lineOf(
    [update.product?.brandName, update.product?.productGroup, update.product?.productModel]
      .filter((part) => part != null && part !== '')
      .join(' '),
    MAX_NAME,
  ) ?? update.productCode;

/**
 * The price proposed for a new product, in yuan: the supply price, rounded up to a whole yuan; 0, at which nothing can be
 * bought, where Haier names none. Staff set the real one before they list it; no sync touches it again.
 */
export const proposedPrice = ({ price }: FeedUpdate): number =>
  price?.supplyPriceFen == null ? 0 : Math.ceil(price.supplyPriceFen / 100);
