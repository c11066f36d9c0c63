/** How a process leaves: out of the balancer first, then the requests in hand, then all the rest. */
import type { Server, ServerResponse } from 'node:http';

import type { Core } from '@strapi/strapi';

import { drainRequests } from './last-resort';

let stopping = false;

/** True from the moment this process is told to stop; whoever balances must send it nothing more. */
export const isStopping = (): boolean => stopping;

/** Each further answer gives its connection up, so that none is cut while a request is on its way on it. */
function giveConnectionsUp(server: Server): void {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('Connection', 'close');
  });
}

/** Goes on serving for `graceMs`, in which `/readyz` says 503; then takes nothing new and answers what it has. */
async function leaveService(server: Server, graceMs: number): Promise<void> {
  giveConnectionsUp(server);
  if (server.listening && graceMs > 0) await new Promise((resolve) => setTimeout(resolve, graceMs));
  await drainRequests(server);
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
