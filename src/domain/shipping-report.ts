/** What WeChat is to be told of a payment's goods. It follows from the payment's orders alone, whatever was told before. */
import type { OrderStatus } from './order-states';

/** Order shipping information, upload_shipping_info: a payment has at most 15 parcels. */
export const MOST_PARCELS = 15;
/** The same, `item_desc`: 1 to 120 characters. */
const MOST_CHARACTERS = 120;

/** An order of the payment, as far as the report needs it. */
export interface ReportedOrder {
  id: number;
  orderNumber: string;
  productName: string | null;
  quantity: number;
  status: OrderStatus;
  shippedAt: Date | null;
  shippingCompany: string | null;
  trackingNumber: string | null;
}

export interface Parcel {
  carrier: string;
  trackingNumber: string;
  /** What is in it, for the shopper to read. */
  description: string;
  orderIds: number[];
}

/** Why a shipped order is not told: nobody knows its carrier's id, or WeChat takes no more parcels of its payment. */
export type UntoldReason = 'carrier' | 'parcels';

export interface ShippingReport {
  /** Of a payment for several orders, which ship one after the other. It never changes: another mode is a re-shipping. */
  isSplit: boolean;
  /** True when nothing of the payment is still to be told. */
  isAllShipped: boolean;
  /** Every parcel so far, the first shipped first. */
  parcels: Parcel[];
  untold: { orderId: number; reason: UntoldReason }[];
}

/** In refund from `paid` it may come back and ship; what is refunded, cancelled or shipped does not ship any more. */
const mayShip = ({ status, shippedAt }: ReportedOrder): boolean =>
  shippedAt === null && (status === 'paid' || status === 'refunding');

const describe = ({ productName, orderNumber, quantity }: ReportedOrder): string =>
  `${productName === null || productName.trim() === '' ? orderNumber : productName}*${quantity}`;

const cut = (text: string): string => [...text].slice(0, MOST_CHARACTERS).join('');

function byShipping(a: ReportedOrder, b: ReportedOrder): number {
  return (a.shippedAt?.getTime() ?? 0) - (b.shippedAt?.getTime() ?? 0) || a.id - b.id;
}

/** Orders under one tracking number are one parcel. */
function pack(parcels: Parcel[], order: ReportedOrder, carrier: string, trackingNumber: string): boolean {
  const same = parcels.find(
    (parcel) => parcel.trackingNumber === trackingNumber && parcel.carrier === carrier,
  );
  if (same !== undefined) {
    same.description = cut(`${same.description}；${describe(order)}`);
    same.orderIds.push(order.id);
    return true;
  }
  if (parcels.length === MOST_PARCELS) return false;
  parcels.push({ carrier, trackingNumber, description: cut(describe(order)), orderIds: [order.id] });
  return true;
}

/**
 * Reports the orders a payment paid for. `isSplit`: the payment was asked for several orders. `carrierOf` gives WeChat's
 * id of a carrier by the name staff wrote, or undefined. An order whose carrier nobody knows keeps the report open:
 * staff complete it at WeChat by hand.
 */
export function reportShipping(
  orders: ReportedOrder[],
  { isSplit, carrierOf }: { isSplit: boolean; carrierOf: (name: string) => string | undefined },
): ShippingReport {
  const parcels: Parcel[] = [];
  const untold: ShippingReport['untold'] = [];
  for (const order of orders.filter(({ shippedAt }) => shippedAt !== null).sort(byShipping)) {
    const { shippingCompany, trackingNumber } = order;
    const carrier = carrierOf(shippingCompany ?? '');
    if (carrier === undefined || trackingNumber === null)
      untold.push({ orderId: order.id, reason: 'carrier' });
    else if (!pack(parcels, order, carrier, trackingNumber))
      untold.push({ orderId: order.id, reason: 'parcels' });
  }
  const isAllShipped = !orders.some(mayShip) && !untold.some(({ reason }) => reason === 'carrier');
  return { isSplit, isAllShipped, parcels, untold };
}

/** What WeChat has of a payment's goods. */
export interface KnownShipping {
  /** Nothing can be added but by the one re-shipping a payment has, which is left to people. */
  isFinished: boolean;
  trackingNumbers: ReadonlySet<string>;
}

/** True when there is nothing to tell, or nothing more can be told. */
export function isTold({ parcels, isAllShipped }: ShippingReport, known: KnownShipping): boolean {
  if (known.isFinished || parcels.length === 0) return true;
  return !isAllShipped && parcels.every(({ trackingNumber }) => known.trackingNumbers.has(trackingNumber));
}
