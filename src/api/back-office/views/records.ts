import type { View } from './view';

/**
 * Stock and what the shop writes about itself: seen, not written. Sorted by `id` where every order writes rows: those come in the
 * order of their time, and an index by time would be one more to write.
 */
export const RECORD_VIEWS: Readonly<Record<string, View>> = {
  'api::inventory.inventory-item': {
    mainField: 'productDocumentId',
    sortBy: 'updatedAt',
    order: 'DESC',
    pageSize: 20,
    list: ['product', 'onHand', 'locked', 'updatedAt'],
    edit: [
      [['product', 12]],
      [
        ['onHand', 6],
        ['locked', 6],
      ],
    ],
    relations: { product: 'name' },
  },
  'api::inventory.inventory-log': {
    // The server puts the product's name in its place; see `beside-rows`.
    mainField: 'productDocumentId',
    sortBy: 'id',
    order: 'DESC',
    pageSize: 50,
    list: [
      'productDocumentId',
      'changeType',
      'quantity',
      'onHandAfter',
      'lockedAfter',
      'order',
      'reason',
      'operator',
      'createdAt',
    ],
    edit: [
      [
        ['productDocumentId', 6],
        ['changeType', 6],
      ],
      [
        ['quantity', 4],
        ['onHandDelta', 4],
        ['lockedDelta', 4],
      ],
      [
        ['onHandAfter', 6],
        ['lockedAfter', 6],
      ],
      [
        ['order', 6],
        ['operator', 6],
      ],
      [['reason', 12]],
    ],
    relations: { order: 'orderNumber' },
  },
  'api::notification.notification': {
    mainField: 'title',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: ['title', 'type', 'audience', 'user', 'readAt', 'createdAt'],
    edit: [
      [['title', 12]],
      [['content', 12]],
      [
        ['type', 4],
        ['audience', 4],
        ['user', 4],
      ],
      [['readAt', 6]],
      [['data', 12]],
    ],
    relations: { user: 'username' },
  },
  'api::outbox.outbox-message': {
    mainField: 'topic',
    sortBy: 'id',
    order: 'DESC',
    pageSize: 20,
    list: ['topic', 'status', 'key', 'attempts', 'availableAt', 'lastError', 'createdAt'],
    edit: [
      [
        ['topic', 6],
        ['key', 6],
      ],
      [
        ['status', 4],
        ['attempts', 4],
        ['availableAt', 4],
      ],
      [['lastError', 12]],
      [['payload', 12]],
    ],
  },
  'api::audit.audit-finding': {
    mainField: 'subject',
    sortBy: 'lastSeenAt',
    order: 'DESC',
    pageSize: 50,
    list: ['status', 'rule', 'subject', 'invariant', 'isRepairable', 'firstSeenAt', 'lastSeenAt'],
    edit: [
      [
        ['rule', 6],
        ['subject', 6],
      ],
      [['description', 12]],
      [
        ['status', 4],
        ['invariant', 4],
        ['isRepairable', 4],
      ],
      [
        ['firstSeenAt', 6],
        ['lastSeenAt', 6],
      ],
      [['facts', 12]],
    ],
  },
  'api::callback.callback-inbox': {
    mainField: 'eventId',
    sortBy: 'receivedAt',
    order: 'DESC',
    pageSize: 20,
    list: ['source', 'eventId', 'verified', 'outcome', 'deliveries', 'receivedAt'],
    edit: [
      [
        ['source', 6],
        ['eventId', 6],
      ],
      [
        ['verified', 4],
        ['outcome', 4],
        ['deliveries', 4],
      ],
      [['detail', 12]],
      [['receivedAt', 6]],
    ],
  },
};
