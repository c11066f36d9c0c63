import { randomUUID } from 'node:crypto';

import { claimMessages, type DueMessage, findDue, type OutboxMessage } from './claim';
import { asError, Hand, type HandOptions } from './hand';
import { createLanes, inTurn, type Lanes } from './lanes';
import { retryDelayMs } from './retry-delay';
import { freeForgotten, reclaimExpired } from './settle';
import type { Lane } from './topic';
import { onWake, outsideRequests } from './wake';

export interface WorkerOptions extends Omit<HandOptions, 'maxAttempts'> {
  pollMs?: number;
  /** A dead worker's messages are taken over after this; what is in hand is renewed three times as often. */
  leaseMs?: number;
  maxAttempts?: number;
}

export interface Worker {
  /** Every topic this worker knows; it leaves others alone. */
  readonly topics: readonly string[];
  start(): void;
  /**
   * Takes nothing new, lets what has begun end within `graceMs`, and hands the rest back: free for others at once, its
   * tries not used up. Resolves when nothing is held any more.
   */
  stop(graceMs?: number): Promise<void>;
  /** Works everything that is due now; returns how many messages that were. For tests and commands. */
  drain(): Promise<number>;
}

const DEFAULT_GRACE_MS = 10_000;
/** How far beyond its room a worker looks: what another one takes in the same moment is skipped. */
const LOOK_AHEAD = 4;
const CONTENDED_PAUSE_MS = 20;
const BEATS_PER_LEASE = 3;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class OutboxWorker implements Worker {
  readonly topics: readonly string[];
  private readonly workerId = randomUUID();
  private readonly hand: Hand;
  private readonly lanes: Lanes;
  private isRunning = false;
  private isStopped = false;
  private pollTimer: NodeJS.Timeout | undefined;
  private beatTimer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private beating: Promise<void> | undefined;
  private mustLookAgain = false;

  constructor(private readonly options: Required<WorkerOptions>) {
    this.topics = Object.keys(options.topics);
    this.hand = new Hand(options);
    this.lanes = createLanes(
      options.topics,
      (message) => this.hand.run(message),
      () => {
        if (this.isRunning && this.lanes.isHungry()) this.look();
      },
    );
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.isStopped = false;
    onWake(() => this.look());
    outsideRequests(() => {
      this.look();
      this.beat();
    });
  }

  async stop(graceMs = DEFAULT_GRACE_MS): Promise<void> {
    this.isRunning = false;
    onWake(undefined);
    clearTimeout(this.pollTimer);
    await this.looking;
    await this.hand
      .putDown(this.lanes.empty())
      .catch((error: unknown) => this.warn('cannot hand back what has not begun', error));
    const giveUpWaiting = setTimeout(() => this.hand.interruptAll('the worker stops'), graceMs);
    await this.hand.settled();
    clearTimeout(giveUpWaiting);
    // Until here the claims had to be kept alive.
    this.isStopped = true;
    clearTimeout(this.beatTimer);
    await this.beating;
  }

  async drain(): Promise<number> {
    let total = 0;
    for (;;) {
      await this.reclaim();
      const { found, taken } = await this.fill();
      await this.hand.settled();
      total += taken;
      if (found === 0) return total;
      if (taken === 0) await pause(CONTENDED_PAUSE_MS);
    }
  }

  /** Takes up to `room` of these, in their order; what another worker takes at this moment is skipped. */
  private async takeSome(due: DueMessage[], room: number): Promise<OutboxMessage[]> {
    const { leaseMs } = this.options;
    const taken: OutboxMessage[] = [];
    let next = 0;
    while (next < due.length && taken.length < room) {
      const slice = due.slice(next, next + room - taken.length);
      next += slice.length;
      taken.push(...(await claimMessages(slice, { workerId: this.workerId, leaseMs })));
    }
    return taken;
  }

  private async findForLanes(rooms: ReadonlyMap<Lane, number>): Promise<Map<Lane, DueMessage[]>> {
    const wanted = new Map<string, number>();
    for (const [lane, room] of rooms)
      for (const topic of this.lanes.topicsOf(lane)) wanted.set(topic, room * LOOK_AHEAD);
    const byLane = new Map<Lane, DueMessage[]>();
    for (const message of await findDue(wanted)) {
      if (this.hand.has(message.id)) continue;
      const lane = this.lanes.laneOf(message.topic);
      byLane.set(lane, [...(byLane.get(lane) ?? []), message]);
    }
    return byLane;
  }

  /** One look at every lane that has room. */
  private async fill(): Promise<{ found: number; taken: number }> {
    const rooms = this.lanes.rooms();
    const byLane = await this.findForLanes(rooms);
    const count = { found: 0, taken: 0 };
    for (const [lane, room] of rooms) {
      const due = byLane.get(lane) ?? [];
      if (room > 0) this.lanes.noteMore(lane, due.length > room);
      const taken = await this.takeSome(inTurn(due), room);
      for (const message of taken) this.hand.take(message);
      this.lanes.add(taken);
      count.found += due.length;
      count.taken += taken.length;
    }
    return count;
  }

  private async lookUntilFilled(): Promise<void> {
    try {
      do {
        this.mustLookAgain = false;
        const { found, taken } = await this.fill();
        if (found > 0 && taken === 0) {
          await pause(CONTENDED_PAUSE_MS);
          this.mustLookAgain = true;
        }
      } while (this.isRunning && this.mustLookAgain);
    } catch (error) {
      // The database is away or restarting: keep looking, that is the worker's whole purpose.
      this.warn('cannot look for work', error);
    }
  }

  private look(): void {
    if (this.looking !== undefined) {
      this.mustLookAgain = true;
      return;
    }
    clearTimeout(this.pollTimer);
    this.looking = this.lookUntilFilled().finally(() => {
      this.looking = undefined;
      if (this.isRunning) this.pollTimer = setTimeout(() => this.look(), this.options.pollMs);
    });
  }

  /** Keeps what is in hand, and takes over what dead workers held. Rare, and off the way of those that look. */
  private beat(): void {
    this.beating = this.keepAndReclaim()
      .catch((error: unknown) => this.warn('cannot renew its claims', error))
      .finally(() => {
        if (!this.isStopped)
          this.beatTimer = setTimeout(() => this.beat(), this.options.leaseMs / BEATS_PER_LEASE);
      });
  }

  private async keepAndReclaim(): Promise<void> {
    for (const lost of await this.hand.renew(this.options.leaseMs)) {
      this.options.log.warn(`outbox: ${lost.topic} ${lost.id} was taken over by another worker`);
      this.lanes.drop(lost);
    }
    if (this.isRunning) await this.reclaim();
  }

  private async reclaim(): Promise<void> {
    for (const message of await reclaimExpired(this.options.maxAttempts, retryDelayMs)) {
      const error = new Error(message.lastError ?? 'the worker died every time');
      await this.hand
        // A job of the clock whose worker keeps dying still comes again: nobody else would ever set it going.
        .giveUp(message, error, this.options.topics[message.topic]?.nextTurn)
        .catch((failure: unknown) => this.warn(`cannot give up ${message.topic} ${message.id}`, failure));
    }
    await freeForgotten();
  }

  private warn(what: string, error: unknown): void {
    this.options.log.warn(`outbox: ${what}: ${asError(error).message}`);
  }
}

/** One process's worker. Any number of them may work the same table. */
export const createWorker = (options: WorkerOptions): Worker =>
  new OutboxWorker({ pollMs: 500, leaseMs: 30_000, maxAttempts: 12, ...options });
