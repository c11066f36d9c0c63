export const API_PREFIX = '/api/v1';

/** True for the shop's own REST routes, which answer shoppers; the rest of the server is the admin panel's. */
export const isApiPath = (path: string): boolean => path === API_PREFIX || path.startsWith(`${API_PREFIX}/`);

/** The path without the prefix and without a trailing slash, for comparing with route paths. */
export function apiRoute(path: string): string {
  const route = path.slice(API_PREFIX.length);
  return route.length > 1 ? route.replace(/\/+$/, '') : route;
}

/** Call-backs whose signature covers the exact bytes of the body. */
export const RAW_BODY_ROUTES: ReadonlySet<string> = new Set([
  '/payments/notify/wechat',
  '/payments/notify/wechat-refund',
]);

export const isRawBodyPath = (path: string): boolean =>
  isApiPath(path) && RAW_BODY_ROUTES.has(apiRoute(path));
