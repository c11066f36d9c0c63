/** What is kept of every request that was answered, in the stack or in front of it. */
import { type ApiCall, contextFields, logApiCall } from './logging';
import { countRequest } from './metrics';
import { currentRequest, type RequestContext } from './request';
import { nameRequest } from './tracing';

const MAX_NAMES = 20;

/** `ms` as it was measured; `querystring` without its question mark. */
export type Answered = Omit<ApiCall, 'query'> & { querystring: string };

/** Its place in the metrics, the name of its trace, and one line of `api.log`. */
export function noteAnswered(
  { querystring, ms, ...call }: Answered,
  context: RequestContext | undefined = currentRequest(),
): void {
  const { method, route, status } = call;
  nameRequest(method, route, () => contextFields(context));
  countRequest({ method, route, status, seconds: ms / 1000 });
  // The values of a query are words and numbers of shoppers; that they were sent is enough.
  const query =
    querystring === '' ? undefined : [...new URLSearchParams(querystring).keys()].slice(0, MAX_NAMES);
  logApiCall({ ...call, query, ms: Math.round(ms * 10) / 10 }, context);
}
