/** One attempt of a call: its request, and its row in the log. */
import { HaierError } from '../domain/errors';
import type { CallLog, LoggedCall } from '../services/call-log';
import type { HeldToken } from '../services/token-keeper';
import type { OutgoingCall } from './line';
import { createMask, type Mask } from './mask';
import type { CallState, Fail, ReadContext, Request } from './operation';

const MAX_WORDS = 300;

export interface Attempt {
  request: OutgoingCall;
  context: ReadContext;
  /** Writes its end down. */
  end(
    outcome: LoggedCall['outcome'],
    answer: { status: number; text: string } | undefined,
    failure?: HaierError,
  ): Promise<void>;
}

/** Begins an attempt; a traced one has its row before anything is sent. */
export async function beginAttempt(
  log: CallLog,
  request: Request,
  state: CallState,
  token: HeldToken | undefined,
): Promise<Attempt> {
  state.attempts += 1;
  const mask = createMask([...request.hidden, token?.accessToken]);
  const begun = toLogged(request, state.attempts, mask);
  const logId = request.isTraced === true ? await log.begin(begun) : undefined;
  const startedAt = performance.now();
  let remark: string | null = null;
  return {
    request: {
      system: request.system,
      operation: request.name,
      url: request.url,
      headers: toHeaders(request, token),
      body: encode(request),
      isOnOwnConnection: request.isTraced === true || request.repeat === 'not-taken',
      signal: request.signal,
    },
    context: {
      fail: createFail(request, mask),
      mayBeTaken: state.mayBeTaken,
      logId,
      remark: (words) => (remark = mask(words, MAX_WORDS)),
    },
    end: (outcome, answer, failure) =>
      log.finish(logId, {
        ...begun,
        outcome,
        httpStatus: answer?.status ?? failure?.status ?? null,
        durationMs: performance.now() - startedAt,
        message: failure === undefined ? remark : mask(failure.message, MAX_WORDS),
        responseBody: answer === undefined ? null : mask(answer.text),
      }),
  };
}

const toLogged = (request: Request, attempt: number, mask: Mask): LoggedCall => ({
  system: request.system,
  operation: request.name,
  outcome: 'unknown_outcome',
  url: plainUrl(request.url),
  httpStatus: null,
  attempt,
  durationMs: 0,
  subject: request.subject,
  message: 'sent, no answer yet',
  requestBody: mask(request.body),
  responseBody: null,
  calledAt: new Date(),
});

/** Without a name and a password somebody has put into an address. */
function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

const CONTENT_TYPES = { form: 'application/x-www-form-urlencoded', json: 'application/json;charset=UTF-8' };

function toHeaders({ encoding = 'json', headers, account }: Request, token: HeldToken | undefined) {
  const isSigned = account !== undefined && token !== undefined;
  return {
    Accept: 'application/json',
    'Content-Type': CONTENT_TYPES[encoding],
    ...headers,
    ...(isSigned ? { Authorization: account.authorize(token) } : {}),
  };
}

function encode({ body, encoding }: Request): string {
  return encoding === 'form'
    ? new URLSearchParams(body as Record<string, string>).toString()
    : JSON.stringify(body);
}

function createFail({ system, name }: Request, mask: Mask): Fail {
  return (kind, { status, code, message } = {}) =>
    new HaierError({
      system,
      operation: name,
      kind,
      status,
      upstreamCode: code == null ? undefined : mask(code, 100),
      upstreamMessage: message == null ? undefined : mask(message, MAX_WORDS),
    });
}

/** A mistake of ours while reading is a `bad_answer` too: what the answer means is then not known. */
export function toHaierError(error: unknown, fail: Fail): HaierError {
  if (error instanceof HaierError) return error;
  const failure = fail('bad_answer', { message: 'the answer could not be read' });
  failure.cause = error;
  return failure;
}
