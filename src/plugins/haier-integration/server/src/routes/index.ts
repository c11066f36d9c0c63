import { SETTINGS_ROUTES } from './settings';

export default {
  /** Below `/haier-integration`, with the panel's token. */
  admin: { type: 'admin' as const, routes: [...SETTINGS_ROUTES] },
};
