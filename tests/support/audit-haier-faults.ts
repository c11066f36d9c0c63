/** Everything the audit must find in orders at Haier. */
import { copyRow, type InjectedFault, LONG_AGO } from './audit-fault';

export const HAIER_FAULTS: InjectedFault[] = [
  {
    name: 'a status at Haier written by hand',
    foundBy: ['haier.history'],
    inject: (db, { orders }) =>
      db('orders').where({ id: orders.haierPushed }).update({ haier_status: 'confirmed' }),
  },
  {
    name: 'a late confirmation over a cancel',
    foundBy: ['haier.moves', 'haier.history'],
    inject: (db, { orders }) =>
      copyRow(
        db,
        'order_histories',
        { order_id: orders.haierCancelled, event: 'haier:pushed' },
        { event: 'haier:confirmed' },
      ),
  },
  {
    name: 'a history row of Haier that moves the order',
    foundBy: ['haier.moves'],
    inject: (db, { orders }) =>
      db('order_histories')
        .where({ order_id: orders.haierPushed, event: 'haier:pushed' })
        .update({ to: 'shipped' }),
  },
  {
    name: 'an order pushed twice',
    foundBy: ['haier.pushed-once', 'haier.moves'],
    inject: (db, { orders }) =>
      copyRow(db, 'order_histories', { order_id: orders.haierPushed, event: 'haier:pushed' }),
  },
  {
    name: 'two orders with one so id',
    foundBy: ['unique.shop_unique_order_so_id'],
    inject: async (db, { orders }) => {
      const { haier_so_id: soId } = (await db('orders').where({ id: orders.haierPushed }).first()) as {
        haier_so_id: string;
      };
      await db('orders').where({ id: orders.haierWaiting }).update({ haier_so_id: soId });
    },
  },
  {
    name: 'a paid Haier order nobody pushes',
    foundBy: ['haier.push-promise'],
    inject: (db) => db('outbox_messages').where({ topic: 'haier.push' }).delete(),
  },
  {
    name: 'a cancel nobody asks Haier for',
    foundBy: ['haier.cancel-promise'],
    inject: async (db, { orders }) => {
      await db('outbox_messages').where({ topic: 'haier.cancel' }).delete();
      await db('orders').where({ id: orders.haierCancelling }).update({ haier_cancel_attempted_at: null });
    },
  },
  {
    name: 'a refund that waits for a cancel which is over',
    foundBy: ['haier.held-refund'],
    inject: (db, { orders }) =>
      db('refunds').where({ order_id: orders.refunding }).update({ decided_at: LONG_AGO }),
  },
];
