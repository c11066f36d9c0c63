import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';

import { LRUCache } from 'lru-cache';

import { readRequestId } from '../request';
import type { Answer } from './answer';
import type { AnswerCache } from './answer-cache';
import { noteTried, type Served, servedBy } from './served';

/** Addresses remembered; each is what a whole passage through the stack answered 200 to. */
const MAX_ADDRESSES = 5_000;
const MAX_URL_LENGTH = 2_048;

/** Belong to one answer and not to the next one of the same address. */
const OF_ONE_ANSWER =
  /^(?:x-request-id|ratelimit-.*|date|connection|keep-alive|set-cookie|content-length|transfer-encoding)$/;

export interface EdgeOptions {
  cache: () => AnswerCache;
  /** The way a request came, for which answers are kept apart; undefined for one that only the stack may answer. */
  wayIn: (request: IncomingMessage) => string | undefined;
  /** False for a caller the stack must refuse (too many requests). Undefined when there is no limit. */
  admit?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Hears of each answer that did not come through the stack. */
  onServed?: (request: IncomingMessage, response: ServerResponse, passage: Passage) => void;
}

/** One answer that was given in front of the stack. */
export interface Passage {
  requestId: string;
  route: string;
  ms: number;
  bytes: number;
}

interface Address extends Served {
  headers: OutgoingHttpHeaders;
}

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  known: Address;
  startedAt: number;
}

/**
 * What may be answered without the stack: a plain read by nobody in particular. Whoever signs in, comes from a page in a browser, or
 * sends a body is asked the questions the stack asks.
 */
function addressOf(request: IncomingMessage, wayIn: EdgeOptions['wayIn']): string | undefined {
  const { method, url, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (url === undefined || url.length > MAX_URL_LENGTH) return undefined;
  if (headers.authorization !== undefined || headers.origin !== undefined || headers.upgrade !== undefined)
    return undefined;
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0')
    return undefined;
  // Not by the scheme a header claims: only a trusted proxy is believed, and the answer's headers depend on it.
  const way = wayIn(request);
  if (way === undefined) return undefined;
  return `${headers.host ?? ''}|${way}|${String(headers['x-forwarded-host'] ?? '')}|${url}`;
}

/** As Koa decides it in the stack: a caller that wants the way to the source gets the whole answer. */
function hasItAlready({ headers }: IncomingMessage, etag: string): boolean {
  if (/\bno-cache\b/.test(headers['cache-control'] ?? '')) return false;
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

/** All headers at once: set one by one before, each would be checked and copied again. */
function give(
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  { body, etag }: Answer,
): void {
  if (hasItAlready(request, etag)) {
    const { 'content-type': _, ...rest } = headers;
    response.writeHead(304, { ...rest, etag });
    response.end();
    return;
  }
  response.writeHead(200, { ...headers, etag, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * Answers in front of `server`'s own listener what that has answered before: from memory what is still true, else read anew. An address is
 * the stack's once, which asks everything there is to ask of it; after that only the database knows more.
 */
export function standBefore(server: Server, { cache, wayIn, admit, onServed }: EdgeOptions): void {
  const addresses = new LRUCache<string, Address>({ max: MAX_ADDRESSES });
  const inner = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of inner) listener.call(server, request, response);
  };

  const remember = (address: string, response: ServerResponse): void => {
    const served = servedBy(response);
    if (served === undefined || response.statusCode !== 200) return;
    const headers = Object.fromEntries(
      Object.entries(response.getHeaders()).filter(([name]) => !OF_ONE_ANSWER.test(name)),
    );
    addresses.set(address, { ...served, headers });
  };

  const serve = ({ request, response, known, startedAt }: Asked, answer: Answer): void => {
    const requestId = readRequestId(String(request.headers['x-request-id'] ?? ''));
    give(request, response, { ...known.headers, 'x-request-id': requestId }, answer);
    if (request.method === 'GET') known.afterServe?.();
    const bytes = response.statusCode === 200 ? answer.body.length : 0;
    onServed?.(request, response, {
      requestId,
      route: known.route,
      ms: performance.now() - startedAt,
      bytes,
    });
  };

  /** For who is limited, or must wait for a reading. What cannot be read is the stack's to say. */
  const serveLater = async (asked: Asked, address: string): Promise<void> => {
    const { request, response, known } = asked;
    if (admit !== undefined && !(await admit(request, response))) return pass(request, response);
    let answer: Answer;
    try {
      answer = await cache().get(known.wanted);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      addresses.delete(address);
      noteTried(response, { isCounted: admit !== undefined, failure });
      return pass(request, response);
    }
    // Who has left in the meantime has looked at nothing.
    if (!response.destroyed) serve(asked, answer);
  };

  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const address = addressOf(request, wayIn);
    if (address === undefined) return pass(request, response);
    const known = addresses.get(address);
    if (known === undefined) {
      response.once('finish', () => remember(address, response));
      return pass(request, response);
    }
    const asked = { request, response, known, startedAt: performance.now() };
    const answer = admit === undefined ? cache().peek(known.wanted.key) : undefined;
    try {
      if (answer !== undefined) serve(asked, answer);
      else serveLater(asked, address).catch(() => response.destroy());
    } catch {
      response.destroy();
    }
  });
}
