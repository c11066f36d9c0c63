import { isoTime } from '../../../platform/request';
import type { OrderPayment, PaymentFile } from '../queries/payment-desk';

/** One payment of an order: `share` is what the order has of it, `amount` all of it. */
export const presentOrderPayment = ({ payment, share }: OrderPayment) => ({
  documentId: payment.documentId,
  paymentNumber: payment.paymentNumber,
  status: payment.status,
  amount: payment.amount,
  share,
  transactionId: payment.transactionId,
  paidAt: isoTime(payment.paidAt),
  createdAt: isoTime(payment.createdAt),
});

/** A payment and its orders; nothing of what was sent to WeChat, and of the shopper nothing at all. */
export const presentPaymentFile = ({ payment, orders }: PaymentFile) => ({
  documentId: payment.documentId,
  paymentNumber: payment.paymentNumber,
  status: payment.status,
  amount: payment.amount,
  receivedAmount: payment.receivedAmount,
  orders: orders.map(({ order, share }) => ({
    documentId: order.documentId,
    orderNumber: order.orderNumber,
    status: order.status,
    productName: order.productName,
    quantity: order.quantity,
    share,
  })),
});
