import { actionId, type PanelAction } from './access/panel-actions';

/**
 * A route of the panel, `handler` as `<controller>.<action>`. The button's permission is checked here, on the server;
 * that the panel hides the button is only courtesy.
 */
export const adminRoute = (method: 'GET' | 'POST', path: string, handler: string, action: PanelAction) => ({
  method,
  path,
  handler: `api::back-office.${handler}`,
  info: { apiName: 'back-office', type: 'admin' as const },
  config: {
    policies: [
      'admin::isAuthenticatedAdmin',
      { name: 'admin::hasPermissions', config: { actions: [actionId(action)] } },
    ],
  },
});
