import type { Label } from './label';

/** The words of the panels that connect payments and orders, and of what tables show beside a row's own fields. */
export const PAYMENT_DESK_WORDS: Readonly<Record<string, Label>> = {
  'back-office.payments.title': ['支付记录', 'Payments'],
  'back-office.payments.none': ['还没有支付记录', 'No payment yet'],
  'back-office.payments.whole': ['合并支付，共 ¥{amount}', 'Part of a payment of ¥{amount}'],
  'back-office.payments.transaction': ['微信支付订单号 {number}', 'WeChat transaction {number}'],
  'back-office.payment.orders': ['支付的订单', 'Orders paid'],
  'back-office.payment.no-orders': ['没有对应的订单', 'It is for no order'],
  'back-office.column.stock': ['可售库存', 'In stock'],
};
