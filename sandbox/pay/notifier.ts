import { randomUUID } from 'node:crypto';
import type { DeliveryAttempt, Notification } from '../state';
import type { World } from '../world';
import { Courier } from '../courier';
import { deliver } from '../delivery';
import {
  sealEnvelope,
  signedCall,
  variantCall,
  type SignedCall,
  type Variant,
} from './notification-variants';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** Pauses before each repetition; after the last one WeChat Pay gives up (APIv3, notifications). */
export const RETRY_DELAYS_MS: readonly number[] = [
  15 * SECOND,
  15 * SECOND,
  30 * SECOND,
  3 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  30 * MINUTE,
  30 * MINUTE,
  60 * MINUTE,
  3 * HOUR,
  3 * HOUR,
  3 * HOUR,
  6 * HOUR,
  6 * HOUR,
];

export type Announcement = Pick<
  Notification,
  'eventType' | 'outTradeNo' | 'outRefundNo' | 'url' | 'resource'
>;

/** Tells the merchant what happened, and repeats it on WeChat Pay's timetable until it is acknowledged. */
export class Notifier {
  private readonly courier: Courier;

  constructor(private readonly world: World) {
    this.courier = new Courier(world, 'notification');
  }

  /** Makes a notification; `send` calls the merchant at once (in the background), `hold` waits for `resend`. */
  announce(announcement: Announcement, mode: 'send' | 'hold'): Notification {
    const now = this.world.now();
    const base = { ...announcement, id: randomUUID(), createdAt: now };
    const notification: Notification = {
      ...base,
      body: sealEnvelope(this.world, base),
      held: mode === 'hold',
      scheduledAttempts: 0,
      attempts: [],
      ...(mode === 'send' && { nextAttemptAt: now }),
    };
    this.world.state.notifications.push(notification);
    this.world.changed();
    if (mode === 'send') void this.attempt(notification, 'scheduled');
    return notification;
  }

  /** Sends an honest copy now, off the timetable. Throws Error when the id is unknown. */
  resend(id: string): Promise<DeliveryAttempt> {
    return this.attempt(this.find(id), 'resend');
  }

  /** Sends `count` honest copies at the same moment. Throws Error when the id is unknown. */
  copies(id: string, count: number): Promise<DeliveryAttempt[]> {
    const notification = this.find(id);
    return Promise.all(Array.from({ length: count }, () => this.attempt(notification, 'copy')));
  }

  /** Sends a call that must be refused. Throws Error when the id is unknown. */
  sendVariant(id: string, variant: Variant): Promise<DeliveryAttempt> {
    const notification = this.find(id);
    return this.attempt(notification, variant, variantCall(this.world, notification, variant));
  }

  /** Resolves when no call to the merchant is under way. */
  idle(): Promise<void> {
    return this.courier.idle();
  }

  /** Takes up the timetable of a snapshot. */
  resume(): void {
    for (const notification of this.world.state.notifications) this.awaitAttempt(notification);
  }

  /** Cuts the calls under way. */
  stop(): Promise<void> {
    return this.courier.stop();
  }

  private find(id: string): Notification {
    const notification = this.world.state.notifications.find((candidate) => candidate.id === id);
    if (!notification) throw new Error(`no notification ${id}`);
    return notification;
  }

  private attempt(notification: Notification, kind: string, call?: SignedCall): Promise<DeliveryAttempt> {
    return this.courier.run((signal) => this.post(notification, kind, signal, call));
  }

  private async post(
    notification: Notification,
    kind: string,
    signal: AbortSignal,
    prepared?: SignedCall,
  ): Promise<DeliveryAttempt> {
    const at = this.world.now();
    const started = performance.now();
    const { headers, body } = prepared ?? signedCall(this.world, notification.body);
    const result = await deliver(notification.url, headers, body, signal);
    const attempt = { at, kind, ...result, durationMs: Math.round(performance.now() - started) };
    this.note(notification, attempt, prepared === undefined);
    return attempt;
  }

  private note(notification: Notification, attempt: DeliveryAttempt, honest: boolean): void {
    notification.attempts.push(attempt);
    if (honest && (attempt.status === 200 || attempt.status === 204)) {
      notification.deliveredAt ??= this.world.now();
      notification.held = false;
      delete notification.nextAttemptAt;
      this.world.clock.cancel(appointment(notification));
    } else if (attempt.kind === 'scheduled' && notification.deliveredAt === undefined) {
      this.planRetry(notification, attempt.at);
    }
    this.world.changed();
  }

  private planRetry(notification: Notification, attemptedAt: number): void {
    const delayMs = RETRY_DELAYS_MS[notification.scheduledAttempts];
    notification.scheduledAttempts += 1;
    if (delayMs === undefined) {
      delete notification.nextAttemptAt;
      return;
    }
    notification.nextAttemptAt = attemptedAt + delayMs;
    this.awaitAttempt(notification);
  }

  private awaitAttempt(notification: Notification): void {
    // After a reset an old call may still come home; its notification is nobody's any more.
    if (notification.nextAttemptAt === undefined || !this.world.state.notifications.includes(notification))
      return;
    this.world.clock.schedule(appointment(notification), notification.nextAttemptAt, async () => {
      await this.attempt(notification, 'scheduled');
    });
  }
}

function appointment(notification: Notification): string {
  return `notification:${notification.id}`;
}
