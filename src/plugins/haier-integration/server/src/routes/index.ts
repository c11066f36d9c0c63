import { SETTINGS_ROUTES } from './settings';
import { SYNC_ROUTES } from './syncs';

export default {
  /** Below `/haier-integration`, with the panel's token. */
  admin: { type: 'admin' as const, routes: [...SETTINGS_ROUTES, ...SYNC_ROUTES] },
};
