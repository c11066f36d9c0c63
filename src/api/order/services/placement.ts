/** Placing orders: everything that can be read is read first, then one transaction writes all or nothing. */
import { MAX_AMOUNT_FEN } from '../../../domain/money';
import { Refusal, validationFailed } from '../../../domain/refusal';
import { isUniqueViolation } from '../../../platform/database';
import { findAnswer, type IdempotentRequest } from '../../../platform/idempotency';
import { priceChanged } from '../../product/products-for-sale';
import type { Shopper } from '../order-rows';
import { readDeliveryAddress } from '../queries/delivery-address';
import { supplierStock } from '../../product/supplier-stock';
import { type CartLine, prepareOrders } from './new-orders';
import { CartChangedError, type PlacedAnswer, writePlacement } from './placement-writer';
import { assertBuyable, type BasketLine, type Quote, quoteBasket } from './quote';

export interface PlacementLines {
  basket: BasketLine[];
  /** Rows of the shopper's cart that become orders. */
  cartLines?: CartLine[];
}

export interface Placement {
  shopper: Shopper;
  /** What is bought; asked for late, because lines of a cart are gone once an equal request has ordered them. */
  lines: () => Promise<PlacementLines>;
  /** documentId of the shopper's address. */
  address: string;
  note?: string;
  /** What the shopper was shown, in fen; an order at another amount is refused. */
  expectedFen?: number;
  /** `single`: one order; `checkout`: as many as needed, paid together. */
  kind: 'single' | 'checkout';
  idempotent?: IdempotentRequest;
}

const MAX_ATTEMPTS = 3;

function assertPlaceable(placement: Placement, quote: Quote): void {
  assertBuyable(quote);
  if (
    placement.kind === 'single' &&
    quote.lines.some((line) => line.product.source === 'haier' && line.quantity > 1)
  ) {
    throw validationFailed(
      [
        {
          path: ['data', 'quantity'],
          message: 'one order holds one piece of a Haier product; use /orders/checkout',
        },
      ],
      {
        zh: '海尔商品一单一件，多件请使用合并下单（/orders/checkout）',
        en: 'One order holds one piece of a Haier product; use /orders/checkout for several',
      },
    );
  }
  if (quote.actualFen > MAX_AMOUNT_FEN || quote.totalFen > MAX_AMOUNT_FEN) {
    throw validationFailed([{ path: [], message: 'the amount is too large for one order' }]);
  }
  if (placement.expectedFen !== undefined && placement.expectedFen !== quote.actualFen)
    throw priceChanged(quote.actualFen);
}

const isNumberTaken = (error: unknown): boolean =>
  isUniqueViolation(error, { name: 'shop_unique_order_number', columns: 'orders.order_number' });

async function readQuote({ shopper, lines }: Placement): Promise<{ quote: Quote; cartLines: CartLine[] }> {
  const { basket, cartLines = [] } = await lines();
  return { quote: await quoteBasket(shopper.id, basket), cartLines };
}

async function placeOnce(placement: Placement): Promise<PlacedAnswer> {
  // Asked together: the address needs nothing of the basket, and each is one look at the database.
  const quoted = readQuote(placement);
  // Whoever has no such address is told that, whatever becomes of the basket.
  quoted.catch(() => undefined);
  const address = await readDeliveryAddress(placement.shopper.id, placement.address);
  const { quote, cartLines } = await quoted;
  assertPlaceable(placement, quote);
  const supplied = quote.lines.filter(({ product }) => product.source !== 'local');
  const allowances = await supplierStock.assertAvailable(supplied, address.districtCode);
  return writePlacement(prepareOrders(placement, quote, address, { cartLines, allowances }));
}

async function place(placement: Placement): Promise<PlacedAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await placeOnce(placement);
    } catch (error) {
      const mayTryAgain = isNumberTaken(error) || error instanceof CartChangedError;
      if (!mayTryAgain || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

/**
 * Places the orders of a basket, or nothing at all. The same idempotency key gives the same answer. Throws NOT_FOUND
 * (product, address, line of the cart), REGION_UNKNOWN, NOT_FOR_SALE, OUT_OF_STOCK, PRICE_CHANGED, VALIDATION_FAILED,
 * IDEMPOTENCY_CONFLICT, and for a supplier's goods UPSTREAM_UNAVAILABLE, UPSTREAM_FAILED. Not for use inside a transaction.
 */
export async function placeOrders(placement: Placement): Promise<PlacedAnswer> {
  try {
    return await place(placement);
  } catch (error) {
    // The second of two equal requests may be refused because the first took the last piece: it gets the first's answer.
    const earlier =
      placement.idempotent !== undefined && error instanceof Refusal
        ? await findAnswer(placement.idempotent)
        : undefined;
    if (earlier === undefined) throw error;
    return { ...earlier, isReplayed: true };
  }
}

export default () => ({ placeOrders });
