/** Requests by route, status and time. */
import type { Context } from 'koa';

import { histogram } from './registry';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

const duration = histogram(
  'shop_http_request_duration_seconds',
  'Time to answer a request, by route pattern',
  ['method', 'route', 'status'],
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
);

/** The pattern of the route that answered, as the router has it; what no route answered has one name. */
export function routeOf(ctx: Context): string {
  const matched: unknown = ctx._matchedRoute;
  return typeof matched === 'string' ? matched : 'none';
}

export interface CountedRequest {
  method: string;
  route: string;
  status: number;
  seconds: number;
}

export function countRequest({ method, route, status, seconds }: CountedRequest): void {
  const labels = { method: METHODS.has(method) ? method : 'other', route, status: String(status) };
  duration.observe(labels, seconds);
}
