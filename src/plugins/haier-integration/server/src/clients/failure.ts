/** From what happened on the line to a `HaierError`. Nothing of the request is kept in it: its body holds passwords. */
import axios from 'axios';

import { type FailureFacts, HaierError } from '../domain/errors';

/** A failure of one attempt, with what only this layer needs to know. */
export class CallFailure extends HaierError {
  /** `host`: theirs, and another try may do; `here`: nothing was asked, or we stopped; another try now changes nothing. */
  readonly origin: 'host' | 'here';
  readonly retryAfterMs?: number;

  constructor(
    facts: FailureFacts,
    more: { origin: 'host' | 'here'; retryAfterMs?: number; cause?: unknown } = { origin: 'host' },
  ) {
    super(facts, { cause: more.cause });
    this.origin = more.origin;
    this.retryAfterMs = more.retryAfterMs;
  }
}

export interface LineState {
  /** The connection stood (with TLS done): from here on the request may have been read. */
  isConnected: boolean;
  /** Who gave up, if it was us. */
  stoppedBy?: 'clock' | 'caller';
}

type Place = Pick<FailureFacts, 'system' | 'operation'>;

function wordsFor(error: unknown, line: LineState): string {
  if (line.stoppedBy === 'caller') return 'stopped by the caller';
  if (line.stoppedBy === 'clock') return line.isConnected ? 'no answer in time' : 'no connection in time';
  const code = axios.isAxiosError(error) ? error.code : (error as NodeJS.ErrnoException | undefined)?.code;
  return `${line.isConnected ? 'the connection broke' : 'no connection'} (${code ?? 'unknown'})`;
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('maxContentLength');

/** No answer, or none that could be read to its end. */
export function failureWithoutAnswer(place: Place, error: unknown, line: LineState): CallFailure {
  const origin = line.stoppedBy === 'caller' ? 'here' : 'host';
  // The original carries the request with its secrets.
  const cause = new Error(error instanceof Error ? error.name : 'no answer');
  if (isTooLarge(error))
    return new CallFailure({ ...place, kind: 'bad_answer', upstreamMessage: 'the answer is too large' });
  const kind = line.isConnected ? 'unknown_outcome' : 'unavailable';
  return new CallFailure({ ...place, kind, upstreamMessage: wordsFor(error, line) }, { origin, cause });
}

const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). */
export function readRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) : undefined;
}

/** The failure an answer's status is by itself, whatever stands in its body; undefined where the body has the word. */
export function failureOfStatus(
  place: Place,
  status: number,
  headers: Record<string, string>,
): CallFailure | undefined {
  if (status === 429)
    return new CallFailure(
      { ...place, kind: 'unavailable', status, upstreamMessage: 'too many calls' },
      { origin: 'host', retryAfterMs: readRetryAfter(headers['retry-after']) },
    );
  if (status === 503)
    return new CallFailure(
      { ...place, kind: 'unavailable', status },
      { origin: 'host', retryAfterMs: readRetryAfter(headers['retry-after']) },
    );
  if (status >= 500 || status === 408) return new CallFailure({ ...place, kind: 'unknown_outcome', status });
  return undefined;
}

/** The same failure, said of a call of which an earlier attempt may have been taken. */
export function asUnknown(error: HaierError): HaierError {
  if (error.kind !== 'unavailable' && error.kind !== 'unauthorized' && error.kind !== 'not_configured')
    return error;
  const { system, operation, status, upstreamCode, upstreamMessage } = error;
  return new HaierError(
    { system, operation, kind: 'unknown_outcome', status, upstreamCode, upstreamMessage },
    { cause: error },
  );
}
