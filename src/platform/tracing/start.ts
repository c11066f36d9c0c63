/**
 * Traces, sent to a collector (OTLP over HTTP) when an address is set. Loaded only then; started before the database's driver,
 * Redis's and the servers are, which are watched from their first statement on.
 */
import { context, diag, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

import type { Masker } from '../masking';

export interface TracingOptions {
  /** Where the collector listens; `/v1/traces` is added. */
  endpoint: string;
  service: string;
  role: string;
  masker: Masker;
}

const UNTRACED = /^\/(?:healthz|readyz|metrics)\/?(?:\?|$)/;
/** Words of shoppers stand in queries. */
const LEFT_OUT = ['url.query', 'http.target', 'http.url'];

type Texts = Record<string, unknown>;

function maskTexts(attributes: Texts, masker: Masker): void {
  for (const name of LEFT_OUT) delete attributes[name];
  const full = attributes['url.full'];
  if (typeof full === 'string') attributes['url.full'] = full.replace(/\?.*$/, '');
  for (const [name, value] of Object.entries(attributes))
    if (typeof value === 'string') attributes[name] = masker.text(value, 4_096);
}

/** Every span goes through the one masker before it leaves. */
class MaskingProcessor implements SpanProcessor {
  constructor(
    private readonly masker: Masker,
    private readonly next: SpanProcessor,
  ) {}

  onStart(...started: Parameters<SpanProcessor['onStart']>): void {
    this.next.onStart(...started);
  }

  onEnd(span: ReadableSpan): void {
    maskTexts(span.attributes, this.masker);
    for (const event of span.events) maskTexts(event.attributes ?? {}, this.masker);
    if (span.status.message !== undefined) span.status.message = this.masker.text(span.status.message, 500);
    this.next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}

/** Starts them; returns what ends them, after the last is sent. */
export function startTraces({ endpoint, service, role, masker }: TracingOptions): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'shop.role': role,
      'process.pid': process.pid,
    }),
    spanProcessors: [new MaskingProcessor(masker, new BatchSpanProcessor(exporter))],
  });
  provider.register();
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => UNTRACED.test(url),
        // A call of the shop to others belongs to what it is made for; one of nobody's is of no use.
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({ requireParentSpan: true }),
      // The name of the command; its arguments hold addresses and names.
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
  // Both are in use already and are patched when they are asked for next.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would come too early
  for (const name of ['http', 'https']) require(name);
  return async () => {
    await provider.shutdown();
    for (const api of [trace, context, propagation, diag]) api.disable();
  };
}
