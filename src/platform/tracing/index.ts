/** Traces, where an address to send them to is set; without one nothing of this costs anything. */
import { context, type Link, SpanKind, trace } from '@opentelemetry/api';

import type { TracingOptions } from './start';
import { isTracing, setTracing } from './state';

let end: (() => Promise<void>) | undefined;

/** Starts traces. To be called before drivers and servers are loaded. */
export function startTracing(options: TracingOptions): void {
  if (end !== undefined) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a large library, loaded only where it is wanted
  const { startTraces } = require('./start') as typeof import('./start');
  end = startTraces(options);
  setTracing(true);
}

/** Sends what is left and ends them. */
export async function stopTracing(): Promise<void> {
  const stop = end;
  end = undefined;
  setTracing(false);
  await stop?.();
}

/** The trace a line of the log belongs to. */
export function traceFields(): { trace?: string } {
  if (!isTracing()) return {};
  const id = trace.getActiveSpan()?.spanContext().traceId;
  return id === undefined ? {} : { trace: id };
}

/** Names the span of the request in progress by its route, and says whose it is. */
export function nameRequest(method: string, route: string, fields: () => Record<string, string>): void {
  if (!isTracing()) return;
  const span = trace.getActiveSpan();
  span?.updateName(`${method} ${route}`);
  span?.setAttribute('http.route', route);
  for (const [name, value] of Object.entries(fields())) span?.setAttribute(`shop.${name}`, value);
}

/** Where a call comes from, for work that is done for several callers together. */
export function callerLink(): Link | undefined {
  const caller = isTracing() ? trace.getActiveSpan()?.spanContext() : undefined;
  return caller === undefined ? undefined : { context: caller };
}

/** Runs work that is done for several callers together, in a span of its own that is linked to theirs. */
export function traceTogether<T>(
  name: string,
  callers: (Link | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  const links = callers.filter((link): link is Link => link !== undefined);
  if (links.length === 0) return work();
  const options = { kind: SpanKind.INTERNAL, links, attributes: { 'shop.batch.size': callers.length } };
  return trace.getTracer('shop').startActiveSpan(`batch ${name}`, options, context.active(), async (span) => {
    try {
      return await work();
    } finally {
      span.end();
    }
  });
}
