import { adminRoute } from './admin-route';

export const MESSAGE_ROUTES = [
  adminRoute('GET', '/messages', 'messages.find', 'read', { readsQuery: true }),
  adminRoute('POST', '/messages/:id/replay', 'messages.replay', 'replay'),
];
