export const API_PREFIX = '/api/v1';

/**
 * True for the shop's own REST routes, which answer shoppers; the rest of the server is the admin panel's. In capitals
 * too: Strapi's router does not tell them apart, and a door that did could be walked around.
 */
export function isApiPath(path: string): boolean {
  const small = path.toLowerCase();
  return small === API_PREFIX || small.startsWith(`${API_PREFIX}/`);
}

/** The path in small letters, without the prefix and without a trailing slash, for comparing with route paths. */
export function apiRoute(path: string): string {
  const route = path.toLowerCase().slice(API_PREFIX.length);
  return route.length > 1 ? route.replace(/\/+$/, '') : route;
}

/** Call-backs whose signature covers the exact bytes of the body. */
export const RAW_BODY_ROUTES: ReadonlySet<string> = new Set([
  '/payments/notify/wechat',
  '/payments/notify/wechat-refund',
]);

export const isRawBodyPath = (path: string): boolean =>
  isApiPath(path) && RAW_BODY_ROUTES.has(apiRoute(path));
