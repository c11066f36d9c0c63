/** The hop over the outbox: what a worker does later belongs to the trace of the request that promised it. */
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import { isTracing } from './state';

interface TracedMessage {
  id: number;
  topic: string;
  attempts: number;
  origin: { traceparent?: string } | null;
}

/** Runs `work` in a span that continues the trace the message carries. Costs nothing when nothing is traced. */
export function traceMessage<T>(message: TracedMessage, work: () => Promise<T>): Promise<T> {
  if (!isTracing()) return work();
  const parent = propagation.extract(context.active(), message.origin ?? {});
  const attributes = {
    'messaging.system': 'shop.outbox',
    'messaging.operation.type': 'process',
    'messaging.destination.name': message.topic,
    'messaging.message.id': String(message.id),
    'shop.outbox.attempt': message.attempts,
  };
  const options = { kind: SpanKind.CONSUMER, attributes };
  return trace.getTracer('shop').startActiveSpan(`outbox ${message.topic}`, options, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.name : undefined,
      });
      throw error;
    } finally {
      span.end();
    }
  });
}
