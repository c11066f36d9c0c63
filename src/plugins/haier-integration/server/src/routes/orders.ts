import { adminRoute } from './admin-route';

export const ORDER_ROUTES = [
  adminRoute('GET', '/orders', 'orders.find', 'read', { readsQuery: true }),
  adminRoute('GET', '/orders/:id', 'orders.findOne', 'read'),
  adminRoute('POST', '/orders/:id/push', 'orders.push', 'push'),
  adminRoute('POST', '/orders/:id/cancel', 'orders.cancel', 'push'),
  adminRoute('POST', '/orders/:id/reschedule', 'orders.reschedule', 'push'),
  adminRoute('POST', '/orders/:id/refresh', 'orders.refresh', 'push'),
  adminRoute('POST', '/orders/:id/refund', 'orders.refund', 'push'),
  adminRoute('POST', '/orders/:id/handled', 'orders.handled', 'push'),
];

/** YLH has no account here; its signature is what lets it in. */
export const CALLBACK_ROUTES = [
  { method: 'POST', path: '/callback', handler: 'callback.take', config: { auth: false as const } },
];
