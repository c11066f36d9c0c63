/** One call from its operation to its value: token, attempts and repeats. Repeats only what is harmless to repeat. */
import { setTimeout as wait } from 'node:timers/promises';

import { type FailureKind, HaierError } from '../domain/errors';
import type { CallLog } from '../services/call-log';
import type { HeldToken, TokenKeeper } from '../services/token-keeper';
import { beginAttempt, toHaierError } from './attempt';
import { asUnknown, CallFailure } from './failure';
import type { Answer } from './line';
import { type Account, type CallState, newState, type Operation, type Request } from './operation';
import type { Transport } from './transport';

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

  /** Asks for the account's token anew. Throws HaierError. */
  async renew(account: Account): Promise<HeldToken> {
    this.transport.guard();
    return this.keeper.renew(account);
  }

  /** Tries up to three times. An earlier try that may have been taken makes the end unknown, whatever the last one says. */
  async repeat<T>(request: Request, state: CallState, run: () => Promise<T>): Promise<T> {
    this.transport.guard();
    for (let tries = 1; ; tries += 1) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof HaierError)) throw error;
        const verdict = state.mayBeTaken ? asUnknown(error) : error;
        const pause = tries < MAX_TRIES ? this.pauseBefore(request, error, tries) : undefined;
        if (pause === undefined) throw verdict;
        state.mayBeTaken ||= error.kind === 'unknown_outcome';
        await wait(pause, undefined, { signal: request.signal }).catch(() => {
          throw verdict;
        });
      }
    }
  }

  /** Undefined: not to be tried again. */
  private pauseBefore({ repeat }: Request, error: HaierError, tries: number): number | undefined {
    if (!(error instanceof CallFailure) || error.origin === 'here' || !error.isWorthRepeating)
      return undefined;
    if (repeat === 'not-taken' && error.kind !== 'unavailable') return undefined;
    const backOff = this.retryDelayMs * 2 ** (tries - 1) * (0.5 + Math.random());
    const pause = Math.max(backOff, error.retryAfterMs ?? 0);
    return pause > LONGEST_PAUSE_MS ? undefined : pause;
  }

  /** Runs with the account's token; one that is refused in mid-life is dropped, fetched once, and tried once more. */
  async withToken<T>(
    request: Request,
    state: CallState,
    run: (token: HeldToken | undefined) => Promise<T>,
  ): Promise<T> {
    const { account } = request;
    if (account === undefined) return run(undefined);
    const token = await this.tokenFor(request, account);
    try {
      return await run(token);
    } catch (error) {
      const isRefused = error instanceof HaierError && error.kind === 'unauthorized' && error.status === 401;
      if (!isRefused || state.isMended) throw error;
      state.isMended = true;
      return run(await this.tokenFor(request, account, token));
    }
  }

  /** Without a token nothing was sent: whatever became of the request for one, this call was certainly not taken. */
  private async tokenFor(
    { system, name }: Request,
    account: Account,
    refused?: HeldToken,
  ): Promise<HeldToken> {
    try {
      return await this.keeper.acquire(account, refused);
    } catch (error) {
      if (!(error instanceof HaierError)) throw error;
      const said = [error.upstreamCode, error.upstreamMessage].filter((part) => part !== undefined).join(' ');
      const facts = { system, operation: name, kind: withoutToken(error.kind), status: error.status };
      throw new CallFailure(
        { ...facts, upstreamMessage: `no token${said === '' ? '' : `: ${said}`}` },
        { origin: 'here', cause: error },
      );
    }
  }

  private async attempt<T>(
    operation: Operation<T>,
    state: CallState,
    token: HeldToken | undefined,
  ): Promise<T> {
    const attempt = await beginAttempt(this.log, operation, state, token);
    let answer: Answer | undefined;
    try {
      answer = await this.transport.send(attempt.request);
      const value = await operation.read(answer, attempt.context);
      await attempt.end('ok', answer);
      return value;
    } catch (error) {
      const failure = toHaierError(error, attempt.context.fail);
      await attempt.end(failure.kind, answer, failure);
      throw failure;
    }
  }
}

/** What a call failed of whose token could not be had. */
function withoutToken(kind: FailureKind): FailureKind {
  if (kind === 'not_configured') return kind;
  return kind === 'rejected' || kind === 'unauthorized' ? 'unauthorized' : 'unavailable';
}
