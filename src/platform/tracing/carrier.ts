/** The trace in progress as text that travels with a message (W3C trace context). */
import { context, propagation } from '@opentelemetry/api';

import { isTracing } from './state';

/** The `traceparent` of the span in progress; undefined when there is none, or nothing is traced. */
export function readTrace(): string | undefined {
  if (!isTracing()) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
