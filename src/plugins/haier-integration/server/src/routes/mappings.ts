import { adminRoute } from './admin-route';

export const MAPPING_ROUTES = [
  adminRoute('GET', '/mappings', 'mappings.find', 'read', { readsQuery: true }),
  adminRoute('PUT', '/mappings', 'mappings.update', 'sync'),
];
