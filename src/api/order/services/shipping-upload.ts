/**
 * Tells WeChat which goods of a payment have left (发货信息管理). Each message looks at all orders of its payment and tells
 * what is missing, so it may run late, twice, or after another one has told its part. See docs/decisions/0013.
 */
import { isTold, reportShipping, type Parcel, type ShippingReport } from '../../../domain/shipping-report';
import { clock } from '../../../platform/clock';
import { fetchRows, inTransaction, query, type Tx } from '../../../platform/database';
import { enqueue, GiveUpError } from '../../../platform/outbox';
import { matchCarrier, needsContact } from '../../../platform/wechat/carriers';
import { hasMiniProgram, shippingInformation } from '../../../platform/wechat/mini-program';
import { NotShippableError } from '../../../platform/wechat/shipping-errors';
import { maskPhone } from '../../account/mask-phone';
import type { PaymentRow } from '../../payment/payment-rows';
import {
  findPaying,
  findPayment,
  paidOrderIds,
  readAllocations,
  refundsOfOrder,
} from '../../payment/payment-store';
import { ORDER_UID, type OrderRow } from '../order-rows';
import { markShipping, type ShippingMark } from './shipping-marks';
import { whenToTryAgain } from './shipping-trouble';

const NO_APP = '未配置微信小程序，未录入发货信息';
const OVER = '微信支付单已退款或已结算，无需录入发货信息';
const FINISHED = '微信侧已标记全部发货，此包裹未录入';
const TOO_MANY = '微信一笔支付最多录入 15 个包裹，此包裹未录入';

const promise = (tx: Tx, paymentId: number): Promise<void> =>
  enqueue(tx, [{ topic: 'order.upload-shipping', payload: { paymentId }, key: `shipping:${paymentId}` }]);

/** Promises that WeChat will be told of an order that ships in `tx`; nothing when no payment paid for it. */
export async function promiseUpload(tx: Tx, order: OrderRow): Promise<void> {
  const payment = await findPaying(order.id, await refundsOfOrder(order.id, tx), tx);
  if (payment !== undefined) await promise(tx, payment.id);
}

/** An order that will not ship any more may have been the last one a split delivery waited for. */
export async function promiseCompletion(tx: Tx, order: OrderRow, paymentId: number): Promise<void> {
  if (order.shippedAt !== null) return;
  if ((await readAllocations(paymentId, tx)).length > 1) await promise(tx, paymentId);
}

async function readPaidOrders(paymentId: number): Promise<OrderRow[]> {
  const ids = await paidOrderIds(paymentId);
  return fetchRows<OrderRow>(ORDER_UID, query(ORDER_UID).whereIn('id', ids).orderBy('id'));
}

const isShipped = ({ shippedAt }: OrderRow): boolean => shippedAt !== null;
const isUntold = (order: OrderRow): boolean => isShipped(order) && order.shippingUploadedAt === null;

/** Quiet: nothing is left for anybody to do. */
const without = (orders: OrderRow[], note: string): ShippingMark[] =>
  orders.filter(isUntold).map(({ id }) => ({ orderId: id, isTold: false, note, isForStaff: false }));

/** A number of the mainland without its extension: what stays readable of it are its last four digits. */
const maskNumber = (phone: string): string => maskPhone(phone.replace(/^(.*?\d{7,})-\d{1,6}$/, '$1'));

function toUpload(parcel: Parcel, orders: OrderRow[]) {
  const phone = orders.find(({ id }) => id === parcel.orderIds[0])?.snapshotPhone;
  const maskedPhone = needsContact(parcel.carrier) && phone !== undefined ? maskNumber(phone) : undefined;
  return { ...parcel, maskedPhone };
}

function markOf(order: OrderRow, report: ShippingReport, told: ReadonlySet<string>): ShippingMark {
  const orderId = order.id;
  if (told.has(order.trackingNumber ?? '')) return { orderId, isTold: true };
  const reason = report.untold.find((entry) => entry.orderId === orderId)?.reason;
  if (reason === 'parcels') return { orderId, isTold: false, note: TOO_MANY, isForStaff: false };
  const note = reason === 'carrier' ? `微信的物流公司中没有“${order.shippingCompany ?? ''}”` : FINISHED;
  return { orderId, isTold: false, note, isForStaff: true };
}

/**
 * Asks WeChat what it has, tells it what is missing, and returns what is now to be said of each order. It is asked every
 * time: after an answer that was lost, telling again could use up the one re-shipping a payment has.
 */
async function tell(payment: PaymentRow, transactionId: string, orders: OrderRow[]): Promise<ShippingMark[]> {
  const wechat = shippingInformation();
  const known = await wechat.find(transactionId);
  if (known.isRefunded) return without(orders, OVER);
  const carriers = await wechat.carriers();
  const report = reportShipping(orders, {
    isSplit: (await readAllocations(payment.id)).length > 1,
    carrierOf: (name) => matchCarrier(name, carriers),
  });
  const told = new Set(known.trackingNumbers);
  if (!isTold(report, known)) {
    // WeChat's word is cut to the second; our clock may have been put back since.
    const notBefore = known.lastUploadAt === undefined ? 0 : known.lastUploadAt.getTime() + 1_000;
    await wechat.upload({
      ...report,
      transactionId,
      payerOpenId: payment.payerOpenId,
      parcels: report.parcels.map((parcel) => toUpload(parcel, orders)),
      uploadedAt: new Date(Math.max(clock.now().getTime(), notBefore)),
    });
    for (const { trackingNumber } of report.parcels) told.add(trackingNumber);
  }
  return orders.filter(isShipped).map((order) => markOf(order, report, told));
}

/**
 * Tells WeChat what has been shipped of a payment and notes it on the orders; a Date: not yet, look again then. Applied
 * twice it changes nothing. Throws GiveUpError when WeChat refuses for good.
 */
export async function uploadShipping(paymentId: number): Promise<Date | void> {
  const payment = await findPayment({ id: paymentId });
  if (payment === undefined || payment.transactionId === null) return;
  const orders = await readPaidOrders(paymentId);
  const shippedAt = Math.max(...orders.filter(isShipped).map((order) => order.shippedAt?.getTime() ?? 0));
  if (!orders.some(isShipped)) return;
  let marks: ShippingMark[];
  try {
    marks = hasMiniProgram() ? await tell(payment, payment.transactionId, orders) : without(orders, NO_APP);
  } catch (error) {
    if (!(error instanceof NotShippableError)) {
      return whenToTryAgain(error, {
        paidAt: payment.paidAt ?? payment.createdAt,
        shippedAt: new Date(shippedAt),
      });
    }
    marks = without(orders, OVER);
  }
  await inTransaction((tx) => markShipping(tx, marks));
}

/** The upload of a payment was given up, in `tx`: its orders say why, and staff are told. */
export async function noteDeadUpload(tx: Tx, paymentId: number, error: Error): Promise<void> {
  const shipped = (await readPaidOrders(paymentId)).filter(isShipped);
  const untold = shipped.filter(isUntold);
  const note =
    error instanceof GiveUpError ? `微信拒绝了发货信息：${error.message}` : `多次未能录入：${error.message}`;
  const concerned = untold.length > 0 ? untold : shipped;
  await markShipping(
    tx,
    concerned.map(({ id }) => ({ orderId: id, isTold: false, note, isForStaff: true })),
  );
}

export default () => ({ promiseUpload, promiseCompletion, uploadShipping, noteDeadUpload });
