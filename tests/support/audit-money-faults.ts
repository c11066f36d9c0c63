/** Everything the audit must find in payments, refunds, promises and accounts. */
import { copyRow, type InjectedFault, LONG_AGO, messageOf, paymentOf } from './audit-fault';

export const MONEY_FAULTS: InjectedFault[] = [
  {
    name: 'a lost settlement: the money is there, the order waits',
    foundBy: ['payment.settled-once', 'money.without-order'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.pending) })
        .update({ status: 'succeeded', transaction_id: 'T1', paid_at: LONG_AGO, updated_at: LONG_AGO }),
  },
  {
    name: 'an order paid without money',
    foundBy: ['payment.settled-once', 'order.money'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .update({ status: 'closed', transaction_id: null }),
  },
  {
    name: 'a second payment of a paid order',
    foundBy: ['payment.settled-once', 'order.money'],
    inject: async (db, { orders }) => {
      const payment = await paymentOf(db, orders.paid);
      const changes = { payment_number: 'P-second', transaction_id: 'T-second' };
      await copyRow(db, 'payments', { id: payment }, changes);
      const [{ id }] = (await db('payments').where(changes).select('id')) as [{ id: number }];
      await copyRow(db, 'payment_allocations', { payment_id: payment }, { payment_id: id });
    },
  },
  {
    name: 'a settled payment without WeChat’s number',
    foundBy: ['payment.facts'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .update({ transaction_id: null }),
  },
  {
    name: 'a payment that is not the sum of its shares',
    foundBy: ['payment.shares'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .increment('amount', 1),
  },
  {
    name: 'another amount than asked for that does not go back',
    foundBy: ['payment.other-amount'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .update({ received_amount: 1 }),
  },
  {
    name: 'refunds over the payment',
    foundBy: ['refund.sum'],
    inject: (db, { orders }) => db('refunds').where({ order_id: orders.refunded }).increment('amount', 1),
  },
  {
    name: 'the same refund twice',
    foundBy: ['refund.sum', 'refund.of-order'],
    inject: (db, { orders }) =>
      copyRow(db, 'refunds', { order_id: orders.refunded }, { refund_number: 'R-second' }),
  },
  {
    name: 'a refund of money that never came',
    foundBy: ['refund.of-money'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.refunded) })
        .update({ status: 'closed' }),
  },
  {
    name: 'an order in refund without a refund',
    foundBy: ['refund.of-order'],
    inject: (db, { orders }) => db('refunds').where({ order_id: orders.refunding }).delete(),
  },
  {
    name: 'an approved refund nobody submits',
    foundBy: ['refund.under-way'],
    inject: (db, { orders }) =>
      db('refunds').where({ order_id: orders.refunding }).update({ status: 'approved' }),
  },
  {
    name: 'somebody else’s payment',
    foundBy: ['money.one-shopper'],
    inject: async (db, { orders }) => {
      const other = (await db('up_users').max({ id: 'id' }).first()) as { id: number };
      await db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .update({ user_id: other.id });
    },
  },
  {
    name: 'a payment whose request asks for another amount',
    foundBy: ['payment.request'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.pending) })
        .update({ request: db.raw(`replace(request, '"total":', '"total":1')`) }),
  },
  {
    name: 'a payment with another payment’s request',
    foundBy: ['payment.request'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .update({ payment_number: 'P-other' }),
  },
  {
    name: 'a payment of another checkout',
    foundBy: ['payment.checkout'],
    inject: async (db, { orders }) =>
      db('payments')
        .where({ id: await paymentOf(db, orders.paid) })
        .update({ checkout_number: 'C-other' }),
  },
  {
    name: 'a refund whose request names another payment',
    foundBy: ['refund.request'],
    inject: (db, { orders }) =>
      db('refunds')
        .where({ order_id: orders.refunded })
        .update({ request: db.raw(`replace(request, '"out_trade_no":"', '"out_trade_no":"X')`) }),
  },
  {
    name: 'a refund that succeeded without WeChat’s number or time',
    foundBy: ['refund.facts'],
    inject: (db, { orders }) =>
      db('refunds')
        .where({ order_id: orders.refunded })
        .update({ wechat_refund_id: null, succeeded_at: null }),
  },
  {
    name: 'a refund nobody decided',
    foundBy: ['refund.facts'],
    inject: (db, { orders }) =>
      db('refunds').where({ order_id: orders.refunded }).update({ decided_by: null }),
  },
];

export const PROMISE_FAULTS: InjectedFault[] = [
  {
    name: 'an order that waits long after its deadline although its message will come',
    foundBy: ['promise.overdue'],
    inject: (db, { orders }) => db('orders').where({ id: orders.pending }).update({ expires_at: LONG_AGO }),
  },
  {
    name: 'a missing deadline message',
    foundBy: ['promise.deadline'],
    inject: (db) => messageOf(db, 'order.expire').delete(),
  },
  {
    name: 'a dead deadline message',
    foundBy: ['promise.deadline'],
    inject: (db) => messageOf(db, 'order.expire').update({ status: 'dead' }),
  },
  {
    name: 'a shipped order that nothing completes',
    foundBy: ['promise.completion'],
    inject: (db) => messageOf(db, 'order.auto-complete').delete(),
  },
  {
    name: 'a shipped order WeChat was never told of',
    foundBy: ['promise.shipping-upload'],
    inject: (db, { orders }) =>
      db('orders').where({ id: orders.shipped }).update({ shipping_uploaded_at: null }),
  },
  {
    name: 'a pending payment nobody asks about',
    foundBy: ['promise.payment-check'],
    inject: (db) => messageOf(db, 'payment.check').update({ status: 'done' }),
  },
  {
    name: 'a message due long ago',
    foundBy: ['promise.stuck'],
    inject: (db) => messageOf(db, 'order.expire').update({ available_at: LONG_AGO }),
  },
  {
    name: 'a message whose worker died long ago',
    foundBy: ['promise.stuck'],
    inject: (db) => messageOf(db, 'order.expire').update({ status: 'running', locked_until: LONG_AGO }),
  },
  {
    name: 'two default addresses',
    foundBy: ['unique.shop_unique_default_address'],
    inject: (db) => copyRow(db, 'addresses', { is_default: true }),
  },
];
