import type { Core } from '@strapi/strapi';

const DRAIN_MS = 10_000;

/**
 * A rejection nobody handles leaves a request hanging with its connection; ten of them empty the pool and every route
 * hangs. So it ends the process, but in order: logged, no new work taken, what is in hand finished, then out, for the
 * supervisor to start a fresh one.
 */
export function endOnUnhandledFailure(strapi: Core.Strapi): void {
  let isEnding = false;
  const end = (kind: string) => (reason: unknown) => {
    strapi.log.error(`${kind}: ${reason instanceof Error ? reason.stack : String(reason)}`);
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    strapi.server.httpServer.close();
    strapi.destroy().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  };
  process.on('unhandledRejection', end('unhandled rejection'));
  process.on('uncaughtException', end('uncaught exception'));
}
