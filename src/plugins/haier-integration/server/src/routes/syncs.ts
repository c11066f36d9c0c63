import { adminRoute } from './admin-route';

export const SYNC_ROUTES = [
  adminRoute('POST', '/syncs', 'syncs.create', 'sync'),
  adminRoute('GET', '/syncs', 'syncs.find', 'read', { readsQuery: true }),
  adminRoute('GET', '/syncs/:id', 'syncs.findOne', 'read'),
  adminRoute('POST', '/syncs/:id/cancel', 'syncs.cancel', 'sync'),
];
