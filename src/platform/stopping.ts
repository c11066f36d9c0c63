/** How a process leaves: out of the balancer first, then the requests in hand, then all the rest. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { Core } from '@strapi/strapi';

import { drainRequests } from './last-resort';

/**
 * A balancer that asks nobody how they are (Nginx) may say with this header that it takes a 504 for "ask another, and leave
 * me alone for a while". The shop answers 504 for nothing else.
 */
const ASKS_NEXT_HEADER = 'x-asks-next-on';
const ASK_NEXT_STATUS = 504;
/** How long a process waits for a request by which it can say so. */
const TELL_WITHIN_MS = 1_000;
/** What a balancer had sent on its way before it was told has come by then; it stays away for longer (`fail_timeout`). */
const LAST_ARRIVALS_MS = 300;
const REPEATABLE = new Set(['GET', 'HEAD']);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

let stopping = false;

/** True from the moment this process is told to stop; whoever balances must send it nothing more. */
export const isStopping = (): boolean => stopping;

/** Each further answer gives its connection up, so that none is cut while a request is on its way on it. */
function giveConnectionsUp(server: Server): void {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('Connection', 'close');
  });
}

/**
 * Tells the balancer by a read, which it asks of another process instead. Closing unannounced would reset what it has
 * just connected, and an order that is lost so is not sent again. Resolves when it has been told, or when nobody came.
 */
async function tellBalancer(server: Server): Promise<void> {
  const inner = server.listeners('request') as Listener[];
  let hasTold: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (hasTold = resolve));
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const asksNext = request.headers[ASKS_NEXT_HEADER] === String(ASK_NEXT_STATUS);
    if (!asksNext || !REPEATABLE.has(request.method ?? '')) {
      for (const listener of inner) listener.call(server, request, response);
      return;
    }
    response.writeHead(ASK_NEXT_STATUS, { Connection: 'close', 'Content-Length': 0 }).end();
    hasTold();
  });
  await Promise.race([told, pause(TELL_WITHIN_MS)]);
  await pause(LAST_ARRIVALS_MS);
  // Right after the loop has taken every connection that waits.
  await new Promise((resolve) => setImmediate(resolve));
}

/** Goes on serving for `graceMs`, in which `/readyz` says 503; then takes nothing new and answers what it has. */
async function leaveService(server: Server, graceMs: number): Promise<void> {
  giveConnectionsUp(server);
  if (!server.listening || graceMs === 0) return drainRequests(server);
  await pause(graceMs);
  await tellBalancer(server);
  await drainRequests(server, undefined, LAST_ARRIVALS_MS);
}

/**
 * Lets `strapi.destroy()` begin only when no request is in hand: by itself it takes the panel's rights, the plugins and
 * what they hold away first, from requests that still need them. `graceMs` is for balancers, which hear of a stop a moment
 * after it; what works beside the requests ends in `stopWork`, at once.
 */
export function stopInOrder(strapi: Core.Strapi, graceMs: number, stopWork: () => Promise<void>): void {
  stopping = false;
  const destroy = strapi.destroy.bind(strapi);
  let ended: Promise<void> | undefined;
  strapi.destroy = () => {
    stopping = true;
    ended ??= Promise.all([leaveService(strapi.server.httpServer, graceMs), stopWork()]).then(destroy);
    return ended;
  };
}
