/** The catalogue's door in front of Strapi: what memory knows leaves before the stack, limits and request ids included. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { settings } from '../config/environment';
import { noteAnswered } from './platform/answered';
import { type Passage, shopCache, standBefore } from './platform/cache';
import { createClientAddress, createEntrance } from './platform/http';
import { shopLimiter } from './platform/rate-limit/shop-limiter';

/** A koa context for the limiter alone, which speaks to nothing else. */
const contextOf = (strapi: Core.Strapi, request: IncomingMessage, response: ServerResponse): Context =>
  strapi.server.app.createContext(request, response) as unknown as Context;

/** Counts the caller as the stack would. False for one who has had enough: the stack says so, in its own words. */
function limitCallers(strapi: Core.Strapi) {
  const { RATE_LIMIT_ANONYMOUS: perMinute, TRUST_PROXY } = settings();
  if (perMinute === 0) return undefined;
  const clientAddress = createClientAddress(TRUST_PROXY);
  const limiter = shopLimiter(strapi);
  return (request: IncomingMessage, response: ServerResponse): Promise<boolean> =>
    limiter(contextOf(strapi, request, response), {
      id: `address:${clientAddress(request)}`,
      perMinute,
    }).then(
      () => true,
      () => false,
    );
}

/** The same line in the log and the same place in the metrics as a request that went through the stack. */
function noteCalls() {
  const clientAddress = createClientAddress(settings().TRUST_PROXY);
  return (
    request: IncomingMessage,
    response: ServerResponse,
    { requestId, route, ms, bytes }: Passage,
  ): void => {
    const [path = '', querystring = ''] = (request.url ?? '').split('?', 2);
    const call = { method: request.method ?? 'GET', path, querystring, status: response.statusCode };
    noteAnswered({ ...call, route, ms, bytes, ip: clientAddress(request) }, { requestId, language: 'zh' });
  };
}

/** Stands in front of Strapi's own listener. A process that serves nobody has no such door. */
export function openCatalogueEdge(strapi: Core.Strapi): void {
  const { PROCESS_ROLE, PUBLIC_URL, ALLOWED_HOSTS, TRUST_PROXY } = settings();
  if (PROCESS_ROLE === 'worker') return;
  const judge = createEntrance({
    publicUrl: PUBLIC_URL,
    allowedHosts: ALLOWED_HOSTS,
    trustProxy: TRUST_PROXY,
  });
  standBefore(strapi.server.httpServer, {
    cache: shopCache,
    admit: limitCallers(strapi),
    onServed: noteCalls(),
    // Whom the stack would turn away at its door, it shall.
    wayIn(request) {
      const { verdict, isSecure } = judge(request);
      return verdict === 'enter' ? (isSecure ? 'https' : 'http') : undefined;
    },
  });
}
