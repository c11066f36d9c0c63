import type { PanelAction } from './access/panel-actions';
import { adminRoute } from './admin-route';
import { PAYMENT_DESK_ROUTES } from './payment-desk-routes';
import { RECONCILIATION_ROUTES } from './reconciliation-routes';

const button = (method: 'GET' | 'POST', path: string, handler: string, action: PanelAction) =>
  adminRoute(method, path, `panel.${handler}`, action);

/** What the panel's own buttons call, below `/back-office`, with the panel's token. */
export const PANEL_ROUTES = {
  type: 'admin' as const,
  prefix: '/back-office',
  routes: [
    button('GET', '/work-list', 'workList', 'seeWork'),
    button('GET', '/orders/:documentId', 'order', 'seeWork'),
    button('POST', '/orders/:documentId/ship', 'shipOrder', 'workOrders'),
    button('POST', '/orders/:documentId/cancel', 'cancelOrder', 'workOrders'),
    button('POST', '/orders/:documentId/refund', 'startRefund', 'decideRefunds'),
    button('GET', '/refunds/:documentId', 'refund', 'seeWork'),
    button('POST', '/refunds/:documentId/approve', 'approveRefund', 'decideRefunds'),
    button('POST', '/refunds/:documentId/reject', 'rejectRefund', 'decideRefunds'),
    button('POST', '/refunds/:documentId/retry', 'retryRefund', 'decideRefunds'),
    button('POST', '/refunds/:documentId/sync', 'syncRefund', 'decideRefunds'),
    button('POST', '/payments/:documentId/sync', 'syncPayment', 'decideRefunds'),
    button('POST', '/payments/:documentId/return', 'returnPayment', 'decideRefunds'),
    button('GET', '/stock/:documentId', 'stock', 'seeWork'),
    button('POST', '/stock/:documentId/adjust', 'adjustStock', 'adjustStock'),
    button('POST', '/messages/:documentId/replay', 'replayMessage', 'replayMessages'),
    button('POST', '/messages/:documentId/replay-topic', 'replayTopic', 'replayMessages'),
    ...PAYMENT_DESK_ROUTES,
    ...RECONCILIATION_ROUTES,
  ],
};
