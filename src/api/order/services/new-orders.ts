/** The rows and the answer of a placement, before anything is written. */
import { randomInt } from 'node:crypto';

import { settings } from '../../../../config/environment';
import { fenToYuan } from '../../../domain/money';
import { createNumber } from '../../../domain/order-number';
import { validationFailed } from '../../../domain/refusal';
import { MAX_ORDERS_PER_PAYMENT } from '../../../domain/refunds';
import { clock } from '../../../platform/clock';
import { createDocumentId } from '../../../platform/document-id';
import type { StoredAnswer } from '../../../platform/idempotency';
import { currentOrigin, type Origin } from '../../../platform/outbox';
import { noteOrders, one } from '../../../platform/request';
import type { SupplierAllowance } from '../../product/supplier-stock';
import type { OrderRow } from '../order-rows';
import { presentOrder } from '../presenters/order';
import type { DeliveryAddress } from '../queries/delivery-address';
import type { Placement } from './placement';
import type { Quote, QuotedLine } from './quote';

/** All orders of a checkout are paid together. */
const MAX_ORDERS_PER_CHECKOUT = MAX_ORDERS_PER_PAYMENT;

/** A placement that only has to be written. Its numbers are new each time it is prepared. */
export interface PreparedPlacement {
  placement: Placement;
  orders: NewOrder[];
  answer: StoredAnswer;
  cartLines: CartLine[];
  /** The supplier's word for goods that are not the shop's own. */
  allowances: SupplierAllowance[];
  /** Whose request it is, for what is promised with it. */
  origin: Origin | null;
}

export interface CartLine {
  id: number;
  quantity: number;
}

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

function buildOrder(
  line: QuotedLine,
  placement: Placement,
  address: DeliveryAddress,
  checkoutNumber: string,
): Omit<OrderRow, 'id'> {
  const now = clock.now();
  const { product } = line;
  return {
    documentId: createDocumentId(),
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
    shippingUploadedAt: null,
    shippingUploadNote: null,
    haierOrderNo: null,
    haierSoId: null,
    haierStatus: 'none',
    haierStatusAt: null,
    haierFailMessage: null,
    haierPushPromisedAt: null,
    haierPushAttemptedAt: null,
    haierCancelAttemptedAt: null,
    haierConcern: null,
    haierConcernAt: null,
    haierHandledAt: null,
    haierQuantities: null,
    distributionTime: null,
    installTime: null,
    isDeliveryInstall: false,
    isGovernmentOrder: false,
    logistics: null,
    deliveryImages: null,
    version: 1,
  };
}

export type NewOrder = ReturnType<typeof buildOrder>;

/** An order that costs nothing is paid by being placed; nothing can be asked of WeChat for it. */
export const isFree = (order: NewOrder): boolean => order.actualAmount === 0;

/** What is paid and Haier's is on its way there. */
const pushOf = ({ productSource }: NewOrder): Partial<OrderRow> =>
  productSource === 'haier' ? { haierStatus: 'push_pending' } : {};

/** The answer is known before the first write: numbers, ids and times are ours. It is stored beside the key. */
function buildAnswer(kind: Placement['kind'], orders: NewOrder[], quote: Quote): StoredAnswer {
  const presented = orders.map((order) =>
    presentOrder({
      ...order,
      id: 0,
      ...(isFree(order) ? { ...pushOf(order), status: 'paid', paidAt: order.createdAt } : {}),
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

/**
 * Turns a quote into orders and the answer that names them. Throws VALIDATION_FAILED for more orders than one payment
 * may pay.
 */
export function prepareOrders(
  placement: Placement,
  quote: Quote,
  address: DeliveryAddress,
  { cartLines, allowances }: Pick<PreparedPlacement, 'cartLines' | 'allowances'>,
): PreparedPlacement {
  const lines = splitIntoOrders(quote.lines);
  if (lines.length > MAX_ORDERS_PER_CHECKOUT) {
    throw validationFailed([
      { path: ['items'], message: `a checkout has at most ${MAX_ORDERS_PER_CHECKOUT} orders` },
    ]);
  }
  const checkoutNumber = createNumber('C', clock.now(), randomInt);
  const orders = lines.map((line) => buildOrder(line, placement, address, checkoutNumber));
  noteOrders(orders.map(({ orderNumber }) => orderNumber));
  const answer = buildAnswer(placement.kind, orders, quote);
  // Taken here: the round that writes it belongs to nobody.
  return { placement, orders, answer, cartLines, allowances, origin: currentOrigin() };
}

export default () => ({ prepareOrders });
