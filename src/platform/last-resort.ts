import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

import type { Core } from '@strapi/strapi';

import { flushLogs } from './logging';

const DRAIN_MS = 10_000;
/** For everything after the requests: the worker's grace, and closing what is open. */
const CLOSE_MS = 20_000;
const LOOK_AGAIN_MS = 100;

/**
 * Takes no new connections, and resolves when the requests in hand have been answered, or after `limitMs`; what is
 * still open then is cut by whoever destroys the server. A connection that has said nothing yet counts as idle to Node,
 * though its request may be on its way: for the first `freshMs` none is closed for being idle.
 */
export function drainRequests(server: Server, limitMs = DRAIN_MS, freshMs = 0): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const closeIdle = (): void => {
      server.closeIdleConnections();
      // A kept connection is idle again once its answer is out; nobody closes it then but us.
      timer = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
    };
    const fresh = freshMs > 0 ? setTimeout(closeIdle, freshMs) : undefined;
    const limit = setTimeout(end, limitMs);
    function end(): void {
      clearTimeout(fresh);
      clearInterval(timer);
      clearTimeout(limit);
      resolve();
    }
    // The close of `http` cuts idle connections at once; this one only stops listening.
    NetServer.prototype.close.call(server, end);
    if (fresh === undefined) closeIdle();
  });
}

/**
 * A rejection nobody handles leaves a request hanging with its connection; ten of them empty the pool and every route
 * hangs. So it ends the process, but in order: logged, no new work taken, what is in hand finished, then out with 1
 * after `drainMs` at the latest, for the supervisor to start a fresh one.
 */
export function endOnUnhandledFailure(strapi: Core.Strapi, drainMs = DRAIN_MS): void {
  let isEnding = false;
  const end = (kind: string) => (reason: unknown) => {
    strapi.log.error(kind, { error: reason });
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), drainMs).unref();
    // Strapi cuts every connection when it is destroyed.
    drainRequests(strapi.server.httpServer, drainMs)
      .then(() => strapi.destroy())
      .then(flushLogs)
      .then(
        () => process.exit(1),
        () => process.exit(1),
      );
  };
  process.on('unhandledRejection', end('unhandled rejection'));
  process.on('uncaughtException', end('uncaught exception'));
}

/** A process ends in order when it is told to stop; one that hangs over it ends all the same, `graceMs` and half a minute later. */
export function endWhenStopHangs(strapi: Core.Strapi, graceMs = 0): void {
  const limitMs = graceMs + DRAIN_MS + CLOSE_MS;
  const onStop = (): void => {
    setTimeout(() => {
      strapi.log.error(`the process did not stop within ${limitMs} ms and is ended`);
      process.exit(1);
    }, limitMs).unref();
  };
  process.once('SIGTERM', onStop);
  process.once('SIGINT', onStop);
}
