/** Everything the audit must find in stock and orders: one thing wrong at a time, done behind the shop's back. */
import type { Knex } from 'knex';

import { copyRow, type InjectedFault, log, LONG_AGO } from './audit-fault';

export const STOCK_FAULTS: InjectedFault[] = [
  {
    name: 'a changed counter: on hand',
    foundBy: ['stock.figures'],
    inject: (db, { product }) =>
      db('inventory_items').where({ product_document_id: product }).increment('on_hand', 3),
  },
  {
    name: 'a changed counter: locked',
    foundBy: ['stock.figures'],
    inject: (db, { product }) =>
      db('inventory_items').where({ product_document_id: product }).decrement('locked', 1),
  },
  {
    name: 'a changed counter: sold',
    foundBy: ['stock.sales-count'],
    inject: (db, { product }) => db('products').where({ document_id: product }).update({ sales_count: 1 }),
  },
  {
    name: 'more locked than on hand',
    foundBy: ['check.shop_check_stock', 'stock.figures'],
    inject: (db, { product }) =>
      db('inventory_items').where({ product_document_id: product }).update({ locked: 9_999 }),
  },
  {
    name: 'a missing log row: the lock of a pending order',
    foundBy: ['stock.order-rows', 'stock.running-balance', 'stock.figures'],
    inject: (db, { orders }) => log(db, orders.pending, 'lock').delete(),
  },
  {
    name: 'a missing log row: the release of a cancelled order',
    foundBy: ['stock.order-rows', 'stock.figures'],
    inject: (db, { orders }) => log(db, orders.cancelled, 'release').delete(),
  },
  {
    name: 'a missing log row: the deduct of a shipped order',
    foundBy: ['stock.order-rows', 'stock.figures'],
    inject: (db, { orders }) => log(db, orders.shipped, 'deduct').delete(),
  },
  {
    name: 'a missing log row: the goods counted in',
    foundBy: ['stock.running-balance', 'stock.figures'],
    inject: (db, { product }) =>
      db('inventory_logs').where({ product_document_id: product, change_type: 'adjust' }).delete(),
  },
  {
    name: 'a double log row',
    foundBy: ['unique.shop_unique_inventory_log', 'stock.order-rows', 'stock.figures'],
    inject: (db, { orders }) => copyRow(db, 'inventory_logs', { order_id: orders.paid, change_type: 'lock' }),
  },
  {
    name: 'a release and a deduct in one life',
    foundBy: ['unique.shop_unique_inventory_end', 'stock.order-rows'],
    inject: (db, { orders }) =>
      copyRow(
        db,
        'inventory_logs',
        { order_id: orders.shipped, change_type: 'deduct' },
        { change_type: 'release' },
      ),
  },
  {
    name: 'a changed log row',
    foundBy: ['stock.signs', 'stock.running-balance', 'stock.figures'],
    inject: (db, { orders }) => log(db, orders.paid, 'lock').update({ locked_delta: 1 }),
  },
  {
    name: 'a moment at which more was locked than there was',
    foundBy: ['stock.every-moment'],
    inject: (db, { orders }) => log(db, orders.paid, 'lock').update({ locked_after: 9_999 }),
  },
  {
    name: 'a log row of another product than its order',
    foundBy: ['stock.row-of-order', 'stock.missing-item'],
    inject: (db, { orders }) => log(db, orders.paid, 'lock').update({ product_document_id: 'elsewhere' }),
  },
  {
    name: 'a second life nobody locked stock for',
    foundBy: ['stock.order-rows', 'stock.earlier-lives', 'order.history'],
    inject: (db, { orders }) => db('orders').where({ id: orders.paid }).update({ life: 2 }),
  },
];

const history = (db: Knex, orderId: number, event: string) =>
  db('order_histories').where({ order_id: orderId, event });

export const ORDER_FAULTS: InjectedFault[] = [
  {
    name: 'a status written by hand',
    foundBy: ['order.history', 'stock.order-rows'],
    inject: (db, { orders }) =>
      db('orders').where({ id: orders.pending }).update({ status: 'cancelled', cancelled_at: new Date() }),
  },
  {
    name: 'a history without its last row',
    foundBy: ['order.history'],
    inject: (db, { orders }) => history(db, orders.shipped, 'ship').delete(),
  },
  {
    name: 'a history with a gap',
    foundBy: ['history.chain', 'order.history'],
    inject: (db, { orders }) => history(db, orders.completed, 'ship').delete(),
  },
  {
    name: 'a history without its beginning',
    foundBy: ['history.chain'],
    inject: (db, { orders }) => history(db, orders.paid, 'place').delete(),
  },
  {
    name: 'a history row twice',
    foundBy: ['history.chain', 'order.history', 'payment.settled-once'],
    inject: (db, { orders }) => copyRow(db, 'order_histories', { order_id: orders.paid, event: 'pay' }),
  },
  {
    name: 'a history moved back in time',
    foundBy: ['history.time'],
    inject: (db, { orders }) => history(db, orders.shipped, 'ship').update({ created_at: LONG_AGO }),
  },
  {
    name: 'a paid order with the time of a cancellation',
    foundBy: ['order.times'],
    inject: (db, { orders }) => db('orders').where({ id: orders.paid }).update({ cancelled_at: new Date() }),
  },
  {
    name: 'a move the table does not have',
    foundBy: ['history.moves'],
    inject: (db, { orders }) => history(db, orders.cancelled, 'cancel').update({ event: 'ship' }),
  },
  {
    name: 'an actor who may not do that',
    foundBy: ['history.moves'],
    inject: (db, { orders }) => history(db, orders.shipped, 'ship').update({ actor_type: 'shopper' }),
  },
  {
    name: 'a history row without its actor',
    foundBy: ['history.actor'],
    inject: (db, { orders }) => history(db, orders.paid, 'pay').update({ actor_id: null }),
  },
  {
    name: 'a history of no order',
    foundBy: ['history.orphan', 'order.history'],
    inject: (db, { orders }) => history(db, orders.paid, 'pay').update({ order_id: null }),
  },
  {
    name: 'a paid order without the time of payment',
    foundBy: ['order.times'],
    inject: (db, { orders }) => db('orders').where({ id: orders.paid }).update({ paid_at: null }),
  },
  {
    name: 'an amount that is not total less discount',
    foundBy: ['check.shop_check_order_amounts', 'order.money'],
    inject: (db, { orders }) => db('orders').where({ id: orders.paid }).update({ actual_amount: 0.01 }),
  },
  {
    name: 'a total that is not price times quantity',
    foundBy: ['order.amounts'],
    inject: (db, { orders }) => db('orders').where({ id: orders.paid }).update({ unit_price: 1 }),
  },
  {
    name: 'two orders with one number',
    foundBy: ['unique.shop_unique_order_number'],
    inject: (db, { orders }) => copyRow(db, 'orders', { id: orders.pending }),
  },
];
