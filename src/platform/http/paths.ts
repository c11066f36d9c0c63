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

/** Call-backs, whose bodies are taken as they come, and in whose words each is answered. */
const RAW_BODY_ROUTES: ReadonlyMap<string, 'wechat' | 'ylh'> = new Map([
  ['/payments/notify/wechat', 'wechat'],
  ['/payments/notify/wechat-refund', 'wechat'],
  ['/haier-integration/callback', 'ylh'],
]);

/** Who calls back here; undefined for every other path. */
export const callerOf = (path: string): 'wechat' | 'ylh' | undefined =>
  isApiPath(path) ? RAW_BODY_ROUTES.get(apiRoute(path)) : undefined;

export const isRawBodyPath = (path: string): boolean => callerOf(path) !== undefined;
