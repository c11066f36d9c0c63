import { actionId, type PanelAction } from './access/panel-actions';

/** The button's permission is checked here, on the server; that the panel hides the button is only courtesy. */
const button = (method: 'GET' | 'POST', path: string, handler: string, action: PanelAction) => ({
  method,
  path,
  handler: `api::back-office.panel.${handler}`,
  info: { apiName: 'back-office', type: 'admin' as const },
  config: {
    policies: [
      'admin::isAuthenticatedAdmin',
      { name: 'admin::hasPermissions', config: { actions: [actionId(action)] } },
    ],
  },
});

/** What the panel's own buttons call, below `/back-office`, with the panel's token. */
export const PANEL_ROUTES = {
  type: 'admin' as const,
  prefix: '/back-office',
  routes: [
    button('GET', '/work-list', 'workList', 'seeWork'),
    button('GET', '/orders/:documentId', 'order', 'seeWork'),
    button('POST', '/orders/:documentId/ship', 'shipOrder', 'workOrders'),
    button('POST', '/orders/:documentId/cancel', 'cancelOrder', 'workOrders'),
    button('GET', '/refunds/:documentId', 'refund', 'seeWork'),
    button('POST', '/refunds/:documentId/approve', 'approveRefund', 'decideRefunds'),
    button('POST', '/refunds/:documentId/reject', 'rejectRefund', 'decideRefunds'),
    button('GET', '/stock/:documentId', 'stock', 'seeWork'),
    button('POST', '/stock/:documentId/adjust', 'adjustStock', 'adjustStock'),
    button('POST', '/messages/:documentId/replay', 'replayMessage', 'replayMessages'),
  ],
};
