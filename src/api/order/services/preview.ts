/** What an order would cost and whether it could be placed; nothing is written. */
import { Refusal } from '../../../domain/refusal';
import { supplierStock } from '../../product/supplier-stock';
import { readDeliveryAddress } from '../queries/delivery-address';
import {
  type BasketLine,
  lineProblem,
  presentQuote,
  type QuotedLine,
  quoteBasket,
  type SupplierAnswer,
} from './quote';

async function askSupplier({ product, quantity }: QuotedLine, districtCode: string): Promise<SupplierAnswer> {
  if (product.code === null) return { stock: 0, problem: 'NOT_FOR_SALE' };
  try {
    const { available, stock, deliveryPromise } = await supplierStock.readAvailability({
      productDocumentId: product.documentId,
      productCode: product.code,
      districtCode,
    });
    return { stock, deliveryPromise, problem: available && stock >= quantity ? null : 'OUT_OF_STOCK' };
  } catch (error) {
    // One line that cannot be answered for leaves the shopper the rest of the basket.
    if (error instanceof Refusal) return { stock: null, problem: error.code };
    throw error;
  }
}

/**
 * Prices a basket. With an address the supplier is asked about its goods for that district. Throws NOT_FOUND (product,
 * address), REGION_UNKNOWN for an address without a district code; what stands in the way of one line is its `problem`.
 * Not for use inside a transaction.
 */
export async function previewBasket(userId: number, basket: BasketLine[], address: string | undefined) {
  const delivery = address === undefined ? undefined : await readDeliveryAddress(userId, address);
  const quote = await quoteBasket(userId, basket);
  if (delivery === undefined) return presentQuote(quote);
  const supplied = quote.lines.filter(
    (line) => line.product.source !== 'local' && lineProblem(line) === undefined,
  );
  const answers = await Promise.all(
    supplied.map(
      async (line) => [line.product.documentId, await askSupplier(line, delivery.districtCode)] as const,
    ),
  );
  return presentQuote(quote, new Map(answers));
}

export default () => ({ previewBasket });
