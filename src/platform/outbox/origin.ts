import { currentRequest, type RequestContext } from '../request/context';
import { readTrace } from '../tracing/carrier';
import type { OutboxMessage } from './claim';

/** Where a message comes from: the request whose promise it is, and the trace it goes on with. */
export interface Origin {
  requestId?: string;
  /** W3C trace context. */
  traceparent?: string;
}

/** The origin of what is promised now; null for what nobody asked for. */
export function currentOrigin(): Origin | null {
  const requestId = currentRequest()?.requestId;
  const traceparent = readTrace();
  if (requestId === undefined && traceparent === undefined) return null;
  return { requestId, traceparent };
}

/** What the lines of a log say while a message is worked. */
export const contextOf = ({ topic, id, origin }: OutboxMessage): RequestContext => ({
  job: `${topic}#${id}`,
  language: 'zh',
  requestId: origin?.requestId,
});
