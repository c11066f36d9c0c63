import { randomUUID } from 'node:crypto';
import { Courier } from '../courier';
import { deliver } from '../delivery';
import type { World } from '../world';
import { judgeAnswer } from './callback-answer';
import { honestCall, variantCall, type CallbackVariant, type PreparedCall } from './callback-variants';
import type { CallbackAttempt, CallbackEvent, YlhCallback } from './state';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** Pauses before each repetition; the contract names none, so these are the sandbox's own. */
export const YLH_RETRY_DELAYS_MS: readonly number[] = [
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
];

/** Tells the shop what happened to its orders, and repeats it until the answer is `success: true`. */
export class Caller {
  private readonly courier: Courier;

  constructor(private readonly world: World) {
    this.courier = new Courier(world, 'ylh-callback');
  }

  /** Makes a call-back. `send` calls at once in the background and `first` is that call; `hold` waits for `resend`. */
  announce(
    event: CallbackEvent,
    data: Record<string, unknown>,
    mode: 'send' | 'hold',
  ): { callback: YlhCallback; first?: Promise<CallbackAttempt> } {
    const now = this.world.now();
    const callback: YlhCallback = {
      id: randomUUID(),
      event,
      platformOrderNo: String(data.PlatformOrderNo ?? ''),
      data: JSON.stringify(data),
      createdAt: now,
      held: mode === 'hold',
      scheduledAttempts: 0,
      attempts: [],
      ...(mode === 'send' && { nextAttemptAt: now }),
    };
    this.world.state.ylh.callbacks.push(callback);
    this.world.changed();
    return mode === 'send' ? { callback, first: this.attempt(callback, 'scheduled') } : { callback };
  }

  /** Sends an honest copy now, off the timetable. Throws Error when the id is unknown. */
  resend(id: string): Promise<CallbackAttempt> {
    return this.attempt(this.find(id), 'resend');
  }

  /** Sends `count` honest copies at the same moment. Throws Error when the id is unknown. */
  copies(id: string, count: number): Promise<CallbackAttempt[]> {
    const callback = this.find(id);
    return Promise.all(Array.from({ length: count }, () => this.attempt(callback, 'copy')));
  }

  /** Sends a call that is not quite the honest one. Throws Error when the id is unknown. */
  sendVariant(id: string, variant: CallbackVariant): Promise<CallbackAttempt> {
    const callback = this.find(id);
    return this.attempt(callback, variant, variantCall(this.world, callback, variant));
  }

  idle(): Promise<void> {
    return this.courier.idle();
  }

  /** Takes up the timetable of a snapshot. */
  resume(): void {
    for (const callback of this.world.state.ylh.callbacks) this.awaitAttempt(callback);
  }

  /** Cuts the calls under way. */
  stop(): Promise<void> {
    return this.courier.stop();
  }

  private find(id: string): YlhCallback {
    const callback = this.world.state.ylh.callbacks.find((candidate) => candidate.id === id);
    if (!callback) throw new Error(`no call-back ${id}`);
    return callback;
  }

  private attempt(callback: YlhCallback, kind: string, prepared?: PreparedCall): Promise<CallbackAttempt> {
    return this.courier.run((signal) => this.post(callback, kind, signal, prepared));
  }

  private async post(
    callback: YlhCallback,
    kind: string,
    signal: AbortSignal,
    prepared?: PreparedCall,
  ): Promise<CallbackAttempt> {
    const at = this.world.now();
    const started = performance.now();
    const { headers, body } = prepared ?? honestCall(this.world, callback);
    const url = this.world.callbackUrl;
    const result =
      url === undefined
        ? { error: 'no call-back address is set' }
        : await deliver(url, headers, body, signal);
    const durationMs = Math.round(performance.now() - started);
    const judged = judgeAnswer(result, callback.platformOrderNo);
    const attempt = { at, kind, ...result, durationMs, ...judged };
    this.note(callback, attempt, prepared === undefined);
    return attempt;
  }

  private note(callback: YlhCallback, attempt: CallbackAttempt, isHonest: boolean): void {
    callback.attempts.push(attempt);
    if (isHonest && attempt.accepted) {
      callback.deliveredAt ??= this.world.now();
      callback.held = false;
      delete callback.nextAttemptAt;
      this.world.clock.cancel(appointment(callback));
    } else if (attempt.kind === 'scheduled' && callback.deliveredAt === undefined) {
      this.planRetry(callback, attempt.at);
    }
    this.world.changed();
  }

  private planRetry(callback: YlhCallback, attemptedAt: number): void {
    const delayMs = YLH_RETRY_DELAYS_MS[callback.scheduledAttempts];
    callback.scheduledAttempts += 1;
    if (delayMs === undefined) {
      delete callback.nextAttemptAt;
      return;
    }
    callback.nextAttemptAt = attemptedAt + delayMs;
    this.awaitAttempt(callback);
  }

  private awaitAttempt(callback: YlhCallback): void {
    // After a reset an old call may still come home; its call-back is nobody's any more.
    if (callback.nextAttemptAt === undefined || !this.world.state.ylh.callbacks.includes(callback)) return;
    this.world.clock.schedule(appointment(callback), callback.nextAttemptAt, async () => {
      await this.attempt(callback, 'scheduled');
    });
  }
}

function appointment(callback: YlhCallback): string {
  return `ylh-callback:${callback.id}`;
}
