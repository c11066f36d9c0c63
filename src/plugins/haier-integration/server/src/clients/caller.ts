/**
 * One call from its operation to its value: token, attempts, the log row and the counter of each, and errors that carry nothing
 * secret. Repeats only what is harmless to repeat.
 */
import { setTimeout as wait } from 'node:timers/promises';

import type { System } from '../constants';
import { type FailureKind, HaierError } from '../domain/errors';
import { createMask, type Mask, trimBytes } from '../domain/masking';
import type { CallLog, LoggedCall } from '../services/call-log';
import type { HeldToken, TokenAccount, TokenKeeper } from '../services/token-keeper';
import { asUnknown, CallFailure } from './failure';
import type { Answer } from './line';
import type { Transport } from './transport';

export interface Account extends TokenAccount {
  /** The `Authorization` of a call with this token. */
  authorize(token: HeldToken): string;
}

/** How an answer is said to be a failure; the words are masked on the way. */
export type Fail = (
  kind: FailureKind,
  said?: { status?: number; code?: string | null; message?: string | null },
) => HaierError;

export interface ReadContext {
  fail: Fail;
  /** An earlier attempt of this very call may have been taken. */
  mayBeTaken: boolean;
  /** This attempt's row, where it was begun before the call. */
  logId: number | undefined;
  /** Puts a remark into the log row of an attempt that went well. */
  remark(words: string): void;
}

export interface Operation<T> {
  system: System;
  name: string;
  url: string;
  subject: string | null;
  headers?: Record<string, string>;
  /** What is sent; `form` is url-encoded. */
  body: unknown;
  encoding?: 'json' | 'form';
  account?: Account;
  /** `not-taken`: only what was certainly not processed is sent again. */
  repeat: 'harmless' | 'not-taken';
  /** Leaves its trace before it is sent, so that a process that dies in between is known to have sent it. */
  isTraced?: boolean;
  /** Values that no log row and no error may hold. */
  hidden: readonly (string | null | undefined)[];
  signal?: AbortSignal;
  read(answer: Answer, context: ReadContext): T | Promise<T>;
}

export interface CallerOptions {
  transport: Transport;
  keeper: TokenKeeper;
  log: CallLog;
  /** First pause between two tries; it doubles. */
  retryDelayMs?: number;
}

const MAX_TRIES = 3;
const RETRY_DELAY_MS = 400;
/** Who asks for a longer pause is told so by the error, and the caller comes back later. */
const LONGEST_PAUSE_MS = 10_000;
const MAX_WORDS = 300;

export interface CallState {
  attempts: number;
  mayBeTaken: boolean;
  isMended: boolean;
}

export const newState = (): CallState => ({ attempts: 0, mayBeTaken: false, isMended: false });

export type Attempt<T> = (token: HeldToken | undefined) => Promise<T>;

export class Caller {
  readonly transport: Transport;
  readonly log: CallLog;
  private readonly keeper: TokenKeeper;
  private readonly retryDelayMs: number;

  constructor({ transport, keeper, log, retryDelayMs = RETRY_DELAY_MS }: CallerOptions) {
    this.transport = transport;
    this.keeper = keeper;
    this.log = log;
    this.retryDelayMs = retryDelayMs;
  }

  /** Throws HaierError; and whatever the guard throws while a transaction is open. */
  async call<T>(operation: Operation<T>): Promise<T> {
    const state = newState();
    return this.repeat(operation, state, () =>
      this.withToken(operation, state, (token) => this.attempt(operation, state, token)),
    );
  }

  /** Tries up to three times. An earlier try that may have been taken makes the end unknown, whatever the last one says. */
  async repeat<T>(operation: Operation<unknown>, state: CallState, run: () => Promise<T>): Promise<T> {
    this.transport.guard();
    for (let tries = 1; ; tries += 1) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof HaierError)) throw error;
        const pause = tries < MAX_TRIES ? this.pauseBefore(operation, error, tries) : undefined;
        const verdict = state.mayBeTaken ? asUnknown(error) : error;
        if (pause === undefined) throw verdict;
        state.mayBeTaken ||= error.kind === 'unknown_outcome';
        await wait(pause, undefined, { signal: operation.signal }).catch(() => {
          throw verdict;
        });
      }
    }
  }

  /** Undefined: not to be tried again. */
  private pauseBefore({ repeat }: Operation<unknown>, error: HaierError, tries: number): number | undefined {
    if (!(error instanceof CallFailure) || error.origin === 'here' || !error.isWorthRepeating)
      return undefined;
    if (repeat === 'not-taken' && error.kind !== 'unavailable') return undefined;
    const backOff = this.retryDelayMs * 2 ** (tries - 1) * (0.5 + Math.random());
    const pause = Math.max(backOff, error.retryAfterMs ?? 0);
    return pause > LONGEST_PAUSE_MS ? undefined : pause;
  }

  /** Runs with the account's token; one that is refused in mid-life is dropped, fetched once, and tried once more. */
  async withToken<T>(operation: Operation<unknown>, state: CallState, run: Attempt<T>): Promise<T> {
    const { account } = operation;
    if (account === undefined) return run(undefined);
    const token = await this.tokenFor(operation, account);
    try {
      return await run(token);
    } catch (error) {
      const isRefused = error instanceof HaierError && error.kind === 'unauthorized' && error.status === 401;
      if (!isRefused || state.isMended) throw error;
      state.isMended = true;
      return run(await this.tokenFor(operation, account, token));
    }
  }

  /** Without a token nothing was sent: whatever became of the request for one, this call was certainly not taken. */
  private async tokenFor(
    { system, name }: Operation<unknown>,
    account: Account,
    refused?: HeldToken,
  ): Promise<HeldToken> {
    try {
      return await this.keeper.acquire(account, refused);
    } catch (error) {
      if (!(error instanceof HaierError)) throw error;
      const isRefusal = error.kind === 'rejected' || error.kind === 'unauthorized';
      const kind = isRefusal ? 'unauthorized' : error.kind === 'not_configured' ? error.kind : 'unavailable';
      const said = [error.upstreamCode, error.upstreamMessage].filter((part) => part !== undefined).join(' ');
      const facts = { system, operation: name, kind, status: error.status } as const;
      throw new CallFailure(
        { ...facts, upstreamMessage: `no token${said === '' ? '' : `: ${said}`}` },
        { origin: 'here', cause: error },
      );
    }
  }

  renew = (account: Account): Promise<HeldToken> => {
    this.transport.guard();
    return this.keeper.renew(account);
  };

  private async attempt<T>(
    operation: Operation<T>,
    state: CallState,
    token: HeldToken | undefined,
  ): Promise<T> {
    const journal = await this.startAttempt(operation, state, token);
    let answer: Answer | undefined;
    try {
      answer = await this.transport.send(journal.request);
      const value = await operation.read(answer, journal.context);
      await journal.end('ok', answer);
      return value;
    } catch (error) {
      const failure = toHaierError(error, journal.context.fail);
      await journal.end(failure.kind, answer, failure);
      throw failure;
    }
  }

  /** What one attempt needs: the request, how its answer is read, and where its end is written down. */
  async startAttempt<T>(operation: Operation<T>, state: CallState, token: HeldToken | undefined) {
    const { system, name, url, account, subject } = operation;
    state.attempts += 1;
    const mask = createMask([...operation.hidden, token?.accessToken]);
    const text = encode(operation);
    const started: LoggedCall = {
      system,
      operation: name,
      outcome: 'unknown_outcome',
      url: plainUrl(url),
      httpStatus: null,
      attempt: state.attempts,
      durationMs: 0,
      subject,
      message: 'sent, no answer yet',
      requestBody: mask(operation.body),
      responseBody: null,
      calledAt: new Date(),
    };
    const logId = operation.isTraced === true ? await this.log.begin(started) : undefined;
    const startedAt = performance.now();
    let remark: string | null = null;
    const context: ReadContext = {
      fail: createFail(system, name, mask),
      mayBeTaken: state.mayBeTaken,
      logId,
      remark: (words) => (remark = mask(words, MAX_WORDS)),
    };
    const headers = {
      Accept: 'application/json',
      'Content-Type':
        operation.encoding === 'form'
          ? 'application/x-www-form-urlencoded'
          : 'application/json;charset=UTF-8',
      ...operation.headers,
      ...(account !== undefined && token !== undefined ? { Authorization: account.authorize(token) } : {}),
    };
    return {
      request: { system, operation: name, url, headers, body: text, signal: operation.signal },
      context,
      end: (
        outcome: LoggedCall['outcome'],
        answer: { status: number; text?: string } | undefined,
        failure?: HaierError,
      ): Promise<void> =>
        this.log.finish(logId, {
          ...started,
          outcome,
          httpStatus: answer?.status ?? failure?.status ?? null,
          durationMs: performance.now() - startedAt,
          message: failure === undefined ? remark : mask(failure.message, MAX_WORDS),
          responseBody: answer?.text === undefined ? null : mask(answer.text),
        }),
    };
  }
}

/** Without a name and a password somebody has put into an address. */
function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function encode({ body, encoding }: Operation<unknown>): string {
  return encoding === 'form'
    ? new URLSearchParams(body as Record<string, string>).toString()
    : JSON.stringify(body);
}

function createFail(system: System, operation: string, mask: Mask): Fail {
  return (kind, { status, code, message } = {}) =>
    new HaierError({
      system,
      operation,
      kind,
      status,
      upstreamCode: code == null ? undefined : trimBytes(mask(code), 100),
      upstreamMessage: message == null ? undefined : mask(message, MAX_WORDS),
    });
}

/** A mistake of ours while reading is a `bad_answer` too: what the answer means is then not known. */
function toHaierError(error: unknown, fail: Fail): HaierError {
  if (error instanceof HaierError) return error;
  const failure = fail('bad_answer', { message: 'the answer could not be read' });
  failure.cause = error;
  return failure;
}
