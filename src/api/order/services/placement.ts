/** Placing orders: everything that can be read is read first, then one transaction writes all or nothing. */
import { randomInt } from 'node:crypto';

import { createId } from '@paralleldrive/cuid2';

import { settings } from '../../../../config/environment';
import { fenToYuan, MAX_AMOUNT_FEN } from '../../../domain/money';
import { createNumber } from '../../../domain/order-number';
import { notFound, Refusal, validationFailed } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, insertRows, isUniqueViolation, query, type Tx } from '../../../platform/database';
import {
  claimKey,
  findAnswer,
  type IdempotentRequest,
  storedAnswer,
  type StoredAnswer,
} from '../../../platform/idempotency';
import { enqueue, type NewMessage } from '../../../platform/outbox';
import { one } from '../../../platform/request';
import { lockStock } from '../../inventory/services/stock';
import { type Actor, actorLabel, ORDER_HISTORY_UID, ORDER_UID, type OrderRow } from '../order-rows';
import { presentOrder } from '../presenters/order';
import { type DeliveryAddress, readDeliveryAddress } from '../queries/delivery-address';
import { priceChanged } from '../../product/products-for-sale';
import { supplierStock } from '../supplier-stock';
import { stockLine } from './lifecycle';
import { assertBuyable, type BasketLine, type Quote, quoteBasket, type QuotedLine } from './quote';
import { settleFreeOrder } from './settlement-effects';

export interface Shopper {
  id: number;
  documentId: string;
  username: string;
}

export interface PlacementLines {
  basket: BasketLine[];
  /** Rows of the shopper's cart that become orders. */
  cartItemIds?: number[];
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

const MAX_NUMBER_ATTEMPTS = 3;
const MAX_ORDERS_PER_CHECKOUT = 100;

export const shopperActor = ({ documentId, username }: Shopper): Actor => ({
  type: 'shopper',
  id: documentId,
  name: username,
});

/** One order is one product; of a Haier product, one piece, because YLH delivers and installs piece by piece. */
function splitIntoOrders(lines: QuotedLine[]): QuotedLine[] {
  return lines.flatMap((line) => {
    if (line.product.source !== 'haier' || line.quantity === 1) return [line];
    const piece = {
      ...line,
      quantity: 1,
      totalFen: line.unitPriceFen,
      discountFen: line.discountFen / line.quantity,
      actualFen: line.actualFen / line.quantity,
    };
    return Array.from({ length: line.quantity }, () => ({ ...piece }));
  });
}

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

function buildOrder(
  line: QuotedLine,
  placement: Placement,
  address: DeliveryAddress,
  checkoutNumber: string,
): Omit<OrderRow, 'id'> {
  const now = clock.now();
  const { product } = line;
  return {
    documentId: createId(),
    createdAt: now,
    updatedAt: now,
    orderNumber: createNumber('D', now, randomInt),
    checkoutNumber,
    userId: placement.shopper.id,
    productId: product.id,
    productDocumentId: product.documentId,
    productName: product.name,
    productCode: product.code,
    productPicture: product.picture,
    productSource: product.source,
    quantity: line.quantity,
    unitPrice: fenToYuan(line.unitPriceFen),
    totalAmount: fenToYuan(line.totalFen),
    discountAmount: fenToYuan(line.discountFen),
    discountName: line.discountName,
    actualAmount: fenToYuan(line.actualFen),
    status: 'pending',
    statusBeforeRefund: null,
    life: 1,
    note: placement.note ?? null,
    snapshotContactName: address.contactName,
    snapshotPhone: address.phone,
    snapshotAddress: address.detail,
    snapshotProvince: address.province,
    snapshotCity: address.city,
    snapshotDistrict: address.district,
    snapshotDistrictCode: address.districtCode,
    snapshotTown: address.town,
    expiresAt: new Date(now.getTime() + settings().ORDER_PAYMENT_TIMEOUT_MINUTES * 60_000),
    paidAt: null,
    shippedAt: null,
    completedAt: null,
    cancelledAt: null,
    cancelReason: null,
    shippingCompany: null,
    trackingNumber: null,
    haierOrderNo: null,
    haierStatus: 'none',
    logistics: null,
    deliveryImages: null,
    version: 1,
  };
}

type NewOrder = ReturnType<typeof buildOrder>;

/** An order that costs nothing is paid by being placed; nothing can be asked of WeChat for it. */
const isFree = (order: NewOrder): boolean => order.actualAmount === 0;

/** The answer is known before the first write: numbers, ids and times are ours. It is stored beside the key. */
function buildAnswer(kind: Placement['kind'], orders: NewOrder[], quote: Quote): StoredAnswer {
  const presented = orders.map((order) =>
    presentOrder({
      ...order,
      id: 0,
      ...(isFree(order) ? { status: 'paid', paidAt: order.createdAt, version: 2 } : {}),
    }),
  );
  const [first] = presented;
  if (first === undefined) throw new Error('a placement without orders');
  if (kind === 'single') return { status: 201, body: one(first) };
  const body = {
    checkoutNumber: first.checkoutNumber,
    orders: presented,
    totalAmount: fenToYuan(quote.totalFen),
    discountAmount: fenToYuan(quote.discountFen),
    actualAmount: fenToYuan(quote.actualFen),
    expiresAt: first.expiresAt,
  };
  return { status: 201, body: one(body) };
}

function deadlineMessages(orders: OrderRow[]): NewMessage[] {
  return orders
    .filter((order) => !isFree(order))
    .map((order) => ({
      topic: 'order.expire',
      payload: { orderId: order.id },
      availableAt: order.expiresAt ?? undefined,
    }));
}

/** Cart lines that somebody else's request has just ordered must not be ordered again. */
async function removeCartItems(tx: Tx, ids: number[]): Promise<void> {
  const removed = await query('api::cart.cart-item', tx).whereIn('id', ids).delete();
  if (removed !== ids.length) throw notFound();
}

async function write(
  tx: Tx,
  newOrders: NewOrder[],
  { shopper }: Placement,
  cartItemIds: number[] | undefined,
): Promise<void> {
  const actor = shopperActor(shopper);
  const orders = await insertRows(ORDER_UID, tx, newOrders);
  await insertRows(
    ORDER_HISTORY_UID,
    tx,
    orders.map((order) => ({
      orderId: order.id,
      from: null,
      to: 'pending',
      event: 'place',
      actorType: actor.type,
      actorId: actor.id,
      actorName: actor.name,
    })),
  );
  await enqueue(tx, deadlineMessages(orders));
  if (cartItemIds !== undefined) await removeCartItems(tx, cartItemIds);
  const local = orders.filter((order) => order.productSource === 'local');
  // Last, because the stock row is the one many buyers want at once: it is held until the commit and no longer.
  if (local.length > 0) await lockStock(tx, local.map(stockLine), actorLabel(actor));
  for (const order of orders.filter(isFree)) await settleFreeOrder(tx, order);
}

async function tryPlace(
  placement: Placement,
  quote: Quote,
  address: DeliveryAddress,
  cartItemIds: number[] | undefined,
): Promise<StoredAnswer> {
  const lines = splitIntoOrders(quote.lines);
  if (lines.length > MAX_ORDERS_PER_CHECKOUT) {
    throw validationFailed([
      { path: ['items'], message: `a checkout has at most ${MAX_ORDERS_PER_CHECKOUT} orders` },
    ]);
  }
  const checkoutNumber = createNumber('C', clock.now(), randomInt);
  const orders = lines.map((line) => buildOrder(line, placement, address, checkoutNumber));
  const answer = buildAnswer(placement.kind, orders, quote);
  return inTransaction(async (tx) => {
    if (placement.idempotent !== undefined) {
      const holder = await claimKey(tx, placement.idempotent, { status: 'done', answer });
      const earlier = holder === undefined ? undefined : storedAnswer(holder);
      if (earlier !== undefined) return earlier;
      if (holder !== undefined) throw new Refusal('IDEMPOTENCY_CONFLICT');
    }
    await write(tx, orders, placement, cartItemIds);
    return answer;
  });
}

async function place(placement: Placement): Promise<StoredAnswer> {
  const address = await readDeliveryAddress(placement.shopper.id, placement.address);
  const { basket, cartItemIds } = await placement.lines();
  const quote = await quoteBasket(placement.shopper.id, basket);
  assertPlaceable(placement, quote);
  await supplierStock.assertAvailable(quote.lines, address.districtCode);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryPlace(placement, quote, address, cartItemIds);
    } catch (error) {
      const isNumberTaken = isUniqueViolation(error, {
        name: 'shop_unique_order_number',
        columns: 'orders.order_number',
      });
      if (!isNumberTaken || attempt >= MAX_NUMBER_ATTEMPTS) throw error;
    }
  }
}

/**
 * Places the orders of a basket, or nothing at all. The same idempotency key gives the same answer. Throws NOT_FOUND
 * (product, address), REGION_UNKNOWN, NOT_FOR_SALE, OUT_OF_STOCK, PRICE_CHANGED, IDEMPOTENCY_CONFLICT.
 */
export async function placeOrders(placement: Placement): Promise<StoredAnswer> {
  try {
    return await place(placement);
  } catch (error) {
    // The second of two equal requests may be refused because the first took the last piece: it gets the first's answer.
    const earlier =
      placement.idempotent !== undefined && error instanceof Refusal
        ? await findAnswer(placement.idempotent)
        : undefined;
    if (earlier === undefined) throw error;
    return earlier;
  }
}

export default () => ({ placeOrders });
