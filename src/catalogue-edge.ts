/** The catalogue's door in front of Strapi: what memory knows leaves before the stack, limits and request ids included. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { settings } from '../config/environment';
import { type Passage, shopCache, standBefore } from './platform/cache';
import { renderError } from './platform/errors';
import { createClientAddress, createEntrance } from './platform/http';
import { logApiCall } from './platform/logging';
import { countRequest } from './platform/metrics';
import { shopLimiter } from './platform/rate-limit/shop-limiter';
import { readLanguage, runWithRequest } from './platform/request';

/** A koa context for the limiter alone, which speaks to nothing else. */
const contextOf = (strapi: Core.Strapi, request: IncomingMessage, response: ServerResponse): Context =>
  strapi.server.app.createContext(request, response) as unknown as Context;

/** Counts the caller as the stack would; a refusal looks the same. */
function limitCallers(strapi: Core.Strapi) {
  const { RATE_LIMIT_ANONYMOUS: perMinute, TRUST_PROXY } = settings();
  if (perMinute === 0) return undefined;
  const clientAddress = createClientAddress(TRUST_PROXY);
  const limiter = shopLimiter(strapi);
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<boolean> => {
    const ctx = contextOf(strapi, request, response);
    try {
      await limiter(ctx, { id: `address:${clientAddress(request)}`, perMinute });
      return true;
    } catch (error) {
      const language = readLanguage(String(request.headers['accept-language'] ?? ''));
      const { status, body } = renderError(error, { requestId, language, keepMessages: false });
      const { retryAfterSeconds } = body.error.details;
      if (typeof retryAfterSeconds === 'number') response.setHeader('Retry-After', retryAfterSeconds);
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
      return false;
    }
  };
}

/** The same line in the log and the same place in the metrics as a request that went through the stack. */
function noteCalls() {
  const clientAddress = createClientAddress(settings().TRUST_PROXY);
  return (
    request: IncomingMessage,
    response: ServerResponse,
    { requestId, route, ms, bytes }: Passage,
  ): void => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const method = request.method ?? 'GET';
    const { statusCode: status } = response;
    countRequest({ method, route, status, seconds: ms / 1000 });
    const call = {
      method,
      path,
      query: query === '' ? undefined : [...new URLSearchParams(query).keys()].slice(0, 20),
      route,
      status,
      ms: Math.round(ms * 10) / 10,
      bytes,
      ip: clientAddress(request),
    };
    runWithRequest({ requestId, language: 'zh' }, () => logApiCall(call));
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
