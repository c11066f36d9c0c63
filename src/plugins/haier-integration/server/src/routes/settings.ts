import { adminRoute } from './admin-route';

export const SETTINGS_ROUTES = [
  adminRoute('GET', '/settings', 'settings.find', 'settings'),
  adminRoute('PUT', '/settings', 'settings.update', 'settings'),
  adminRoute('POST', '/settings/test', 'settings.test', 'settings'),
];
