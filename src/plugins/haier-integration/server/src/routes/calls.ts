import { adminRoute } from './admin-route';

export const CALL_ROUTES = [
  adminRoute('GET', '/calls', 'calls.find', 'read', { readsQuery: true }),
  adminRoute('GET', '/calls/:id', 'calls.findOne', 'read'),
];
