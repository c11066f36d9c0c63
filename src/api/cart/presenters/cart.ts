import { fenToYuan } from '../../../domain/money';
import { priceLine } from '../../../domain/pricing';
import type { Tx } from '../../../platform/database';
import { publicUrl } from '../../../platform/http';
import { readDiscountBook } from '../../discount/discount-rules';
import { readProductsForSale } from '../../product/products-for-sale';
import { lineProblem, type QuotedLine, sumLines } from '../../order/services/quote';
import type { CartItemRow } from '../services/cart';

const presentItem = (item: CartItemRow, line: QuotedLine | undefined) => ({
  documentId: item.documentId,
  product: item.productDocumentId,
  productName: line?.product.name ?? null,
  productPicture: publicUrl(line?.product.picture ?? null),
  quantity: item.quantity,
  unitPrice: line === undefined ? null : fenToYuan(line.unitPriceFen),
  totalAmount: line === undefined ? null : fenToYuan(line.totalFen),
  discountAmount: line === undefined ? null : fenToYuan(line.discountFen),
  discountName: line?.discountName ?? null,
  actualAmount: line === undefined ? null : fenToYuan(line.actualFen),
  stock: line?.product.stock ?? 0,
  isAvailable: line !== undefined && lineProblem(line) === undefined,
  /** Why it cannot be bought now: NOT_FOUND, NOT_FOR_SALE, OUT_OF_STOCK. */
  problem: line === undefined ? 'NOT_FOUND' : (lineProblem(line) ?? null),
});

/** The whole cart with today's prices, discounts and stock. Totals count what can be bought now. */
export async function presentCart(userId: number, items: CartItemRow[], tx?: Tx) {
  const ids = items.map((item) => item.productDocumentId);
  const products = await readProductsForSale(ids, tx);
  const book = await readDiscountBook(userId, ids, { tx });
  const lines = new Map<number, QuotedLine>();
  for (const item of items) {
    const product = products.get(item.productDocumentId);
    if (product !== undefined) {
      lines.set(item.id, {
        product,
        ...priceLine(product.unitPriceFen, item.quantity, book.forProduct(product)),
      });
    }
  }
  const sums = sumLines([...lines.values()].filter((line) => lineProblem(line) === undefined));
  return {
    items: items.map((item) => presentItem(item, lines.get(item.id))),
    totalQuantity: items.reduce((sum, item) => sum + item.quantity, 0),
    totalAmount: fenToYuan(sums.totalFen),
    discountAmount: fenToYuan(sums.discountFen),
    actualAmount: fenToYuan(sums.actualFen),
  };
}
