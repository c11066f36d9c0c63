import { CALLBACK_ROUTES, ORDER_ROUTES } from './orders';
import { SETTINGS_ROUTES } from './settings';

export default {
  /** Below `/haier-integration`, with the panel's token. */
  admin: { type: 'admin' as const, routes: [...SETTINGS_ROUTES, ...ORDER_ROUTES] },
  /** Below the REST prefix, for YLH. */
  'content-api': { type: 'content-api' as const, routes: CALLBACK_ROUTES },
};
