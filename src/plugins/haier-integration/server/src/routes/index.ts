import { CALL_ROUTES } from './calls';
import { MAPPING_ROUTES } from './mappings';
import { MESSAGE_ROUTES } from './messages';
import { CALLBACK_ROUTES, ORDER_ROUTES } from './orders';
import { OVERVIEW_ROUTES } from './overview';
import { SETTINGS_ROUTES } from './settings';
import { SYNC_ROUTES } from './syncs';

export default {
  /** Below `/haier-integration`, with the panel's token. */
  admin: {
    type: 'admin' as const,
    routes: [
      ...OVERVIEW_ROUTES,
      ...SETTINGS_ROUTES,
      ...SYNC_ROUTES,
      ...ORDER_ROUTES,
      ...CALL_ROUTES,
      ...MESSAGE_ROUTES,
      ...MAPPING_ROUTES,
    ],
  },
  /** Below the REST prefix, for YLH. */
  'content-api': { type: 'content-api' as const, routes: CALLBACK_ROUTES },
};
