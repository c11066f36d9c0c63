/** What a basket costs a shopper now. Nothing is written; the client's idea of a price is never used. */
import { fenToYuan } from '../../../domain/money';
import { type PricedLine, priceLine } from '../../../domain/pricing';
import { Refusal, type RefusalCode } from '../../../domain/refusal';
import { publicUrl } from '../../../platform/http';
import { readDiscountBook } from '../../discount/discount-rules';
import { outOfStock, type Shortage } from '../../inventory/services/stock';
import { notForSale, type ProductForSale, readProductsForSale } from '../../product/products-for-sale';

export interface BasketLine {
  /** documentId of the product. */
  product: string;
  quantity: number;
}

export interface QuotedLine extends PricedLine {
  product: ProductForSale;
}

export interface Quote {
  lines: QuotedLine[];
  totalFen: number;
  discountFen: number;
  actualFen: number;
}

/** The same product twice in a basket is one line: else each would be checked against the stock alone. */
export function mergeLines(lines: BasketLine[]): BasketLine[] {
  const merged = new Map<string, BasketLine>();
  for (const { product, quantity } of lines) {
    merged.set(product, { product, quantity: (merged.get(product)?.quantity ?? 0) + quantity });
  }
  return [...merged.values()];
}

export const sumLines = (lines: PricedLine[]) => ({
  totalFen: lines.reduce((sum, line) => sum + line.totalFen, 0),
  discountFen: lines.reduce((sum, line) => sum + line.discountFen, 0),
  actualFen: lines.reduce((sum, line) => sum + line.actualFen, 0),
});

/** Prices a basket. Throws NOT_FOUND for a product that does not exist. Not for use inside a transaction. */
export async function quoteBasket(userId: number, basket: BasketLine[]): Promise<Quote> {
  const merged = mergeLines(basket);
  const ids = merged.map((line) => line.product);
  const [products, book] = await Promise.all([readProductsForSale(ids), readDiscountBook(userId, ids)]);
  const lines = merged.map(({ product: documentId, quantity }) => {
    const product = products.get(documentId);
    if (product === undefined) throw new Refusal('NOT_FOUND', { details: { product: documentId } });
    return { product, ...priceLine(product.unitPriceFen, quantity, book.forProduct(product)) };
  });
  return { lines, ...sumLines(lines) };
}

/** What stands in the way of buying a line now as far as the shop's own books say, or undefined. */
export function lineProblem({ product, quantity }: QuotedLine): 'NOT_FOR_SALE' | 'OUT_OF_STOCK' | undefined {
  if (!product.isOnSale) return 'NOT_FOR_SALE';
  if (product.source === 'local' && product.stock < quantity) return 'OUT_OF_STOCK';
  return undefined;
}

/** Throws NOT_FOR_SALE for the first product that cannot be bought, else OUT_OF_STOCK with every shortage. */
export function assertBuyable({ lines }: Quote): void {
  const closed = lines.find(({ product }) => !product.isOnSale);
  if (closed !== undefined) throw notForSale(closed.product);
  const short: Shortage[] = lines
    .filter((line) => lineProblem(line) === 'OUT_OF_STOCK')
    .map(({ product, quantity }) => ({
      product: product.documentId,
      requested: quantity,
      available: Math.max(product.stock, 0),
    }));
  if (short.length > 0) throw outOfStock(short);
}

/** What the supplier said about a product: the pieces there are for this address, or why that is not known. */
export interface SupplierAnswer {
  stock: number | null;
  problem: RefusalCode | null;
  deliveryPromise?: string;
}

interface ShownLine extends QuotedLine {
  stock: number;
  problem: RefusalCode | null;
  deliveryPromise: string | null;
}

function toShown(line: QuotedLine, answer: SupplierAnswer | undefined): ShownLine {
  return {
    ...line,
    stock: answer?.stock ?? line.product.stock,
    problem: lineProblem(line) ?? answer?.problem ?? null,
    deliveryPromise: answer?.deliveryPromise ?? null,
  };
}

/**
 * A quote as the shopper sees it before ordering, with what the supplier said by product. As in the cart, totals count
 * what can be bought now.
 */
export function presentQuote(quote: Quote, answers: ReadonlyMap<string, SupplierAnswer> = new Map()) {
  const lines = quote.lines.map((line) => toShown(line, answers.get(line.product.documentId)));
  const sums = sumLines(lines.filter(({ problem }) => problem === null));
  return {
    items: lines.map((line) => ({
      product: line.product.documentId,
      productName: line.product.name,
      productPicture: publicUrl(line.product.picture),
      quantity: line.quantity,
      unitPrice: fenToYuan(line.unitPriceFen),
      totalAmount: fenToYuan(line.totalFen),
      discountAmount: fenToYuan(line.discountFen),
      discountName: line.discountName,
      actualAmount: fenToYuan(line.actualFen),
      stock: line.stock,
      isAvailable: line.problem === null,
      problem: line.problem,
      deliveryPromise: line.deliveryPromise,
    })),
    totalAmount: fenToYuan(sums.totalFen),
    discountAmount: fenToYuan(sums.discountFen),
    actualAmount: fenToYuan(sums.actualFen),
  };
}

export default () => ({ quoteBasket });
