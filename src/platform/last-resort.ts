import type { Server } from 'node:http';

import type { Core } from '@strapi/strapi';

const DRAIN_MS = 10_000;
const LOOK_AGAIN_MS = 100;

/** Takes no new connections, and resolves when the requests in hand have been answered. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A kept connection is idle again once its answer is out; nobody closes it then but us.
    const timer = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
    server.close(() => {
      clearInterval(timer);
      resolve();
    });
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
    strapi.log.error(`${kind}: ${reason instanceof Error ? reason.stack : String(reason)}`);
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), drainMs).unref();
    // Strapi cuts every connection when it is destroyed.
    drain(strapi.server.httpServer)
      .then(() => strapi.destroy())
      .then(
        () => process.exit(1),
        () => process.exit(1),
      );
  };
  process.on('unhandledRejection', end('unhandled rejection'));
  process.on('uncaughtException', end('uncaught exception'));
}
