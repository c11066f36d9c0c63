/** What one worker has in hand: from the claim, through the handler, to the end that was written down. */
import { createBatcher } from '../batching';
import { clock } from '../clock';
import { inTransaction, type Tx } from '../database';
import { runAttempt } from './attempt';
import { runWithRequest } from '../request/context';
import type { OutboxMessage } from './claim';
import { GiveUpError } from './give-up-error';
import { contextOf } from './origin';
import { retryDelayMs } from './retry-delay';
import { bury, handBack, markDone, putOff, renew } from './settle';
import type { Topic } from './topic';

export interface HandOptions {
  topics: Record<string, Topic>;
  /** Told in the transaction that gives a message up, so that nobody is told of what did not happen, or the reverse. */
  onDead: (tx: Tx, message: OutboxMessage, error: Error) => Promise<void>;
  log: {
    warn(message: string, fields?: { error: unknown }): void;
    error(message: string, fields?: { error: unknown }): void;
  };
  maxAttempts: number;
}

type WriteEnd = () => Promise<unknown>;

const DEFAULT_LIMIT_MS = 2 * 60_000;
const DONE_BATCH = 100;
const MAX_ERROR = 2_000;

/** Why a handler was interrupted through no fault of its message. */
class Interrupted extends Error {}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const nameOf = ({ topic, id }: OutboxMessage): string => `outbox: ${topic} ${id}`;

export class Hand {
  private readonly held = new Map<number, { message: OutboxMessage; abort: AbortController }>();
  private readonly concluding = new Set<Promise<void>>();
  private readonly running = new Set<Promise<void>>();

  /** Many ends are written with one commit. */
  private readonly done = createBatcher<OutboxMessage, void>({
    name: 'outbox-done',
    maxSize: DONE_BATCH,
    maxInFlight: 1,
    work: async (messages) => {
      await markDone(messages);
      return messages.map(() => undefined);
    },
  });

  constructor(private readonly options: HandOptions) {}

  has(id: number): boolean {
    return this.held.has(id);
  }

  take(message: OutboxMessage): void {
    this.held.set(message.id, { message, abort: new AbortController() });
  }

  /** Resolves when the handler has ended, which frees its slot; the end may still be on its way to the database. */
  run(message: OutboxMessage): Promise<void> {
    const work = this.runHeld(message);
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }

  /** Resolves when nothing that has begun is unfinished or unwritten. */
  async settled(): Promise<void> {
    while (this.running.size + this.concluding.size > 0)
      await Promise.all([...this.running, ...this.concluding]);
  }

  /** Gives back what has not begun. */
  async putDown(messages: OutboxMessage[]): Promise<void> {
    for (const { id } of messages) this.held.delete(id);
    await handBack(messages);
  }

  /** Interrupts what has not ended; it goes back into the queue without having cost a try. */
  interruptAll(why: string): void {
    for (const { abort } of this.held.values()) abort.abort(new Interrupted(why));
  }

  /** Holds everything for `leaseMs` more. Returns what was lost to another worker; its handlers are told. */
  async renew(leaseMs: number): Promise<OutboxMessage[]> {
    const all = [...this.held.values()];
    const kept = await renew(
      all.map(({ message }) => message),
      leaseMs,
    );
    const lost = all.filter(({ message: { id } }) => !kept.has(id) && this.held.has(id));
    for (const { message, abort } of lost) {
      abort.abort(new Interrupted('taken over by another worker'));
      this.held.delete(message.id);
    }
    return lost.map(({ message }) => message);
  }

  /** Puts a message on the dead list, or off to its next turn, and tells staff, in one transaction. */
  async giveUp(message: OutboxMessage, error: Error, nextTurn?: () => Date): Promise<void> {
    const lastError = error.message.slice(0, MAX_ERROR);
    runWithRequest(contextOf(message), () =>
      this.options.log.error(`${nameOf(message)} is given up at attempt ${message.attempts}`, { error }),
    );
    await inTransaction(async (tx) => {
      const wasOurs =
        nextTurn === undefined
          ? await bury(tx, message, lastError)
          : await putOff(message, { availableAt: nextTurn(), attempts: 0, lastError }, tx);
      if (wasOurs) await this.options.onDead(tx, message, error);
    });
  }

  private async runHeld(message: OutboxMessage): Promise<void> {
    const held = this.held.get(message.id);
    if (held?.message !== message) return;
    const writeEnd = await this.attempt(message, held.abort);
    const concluded = this.conclude(message, writeEnd);
    this.concluding.add(concluded);
    void concluded.finally(() => this.concluding.delete(concluded));
  }

  private async attempt(message: OutboxMessage, abort: AbortController): Promise<WriteEnd> {
    const topic = this.options.topics[message.topic];
    try {
      if (topic === undefined) throw new Error(`nobody handles the topic ${message.topic}`);
      const limitMs = topic.timeLimitMs ?? DEFAULT_LIMIT_MS;
      const again = await runAttempt(topic.handle, message, { abort, limitMs });
      // A look that found nothing settled is no failure: it must not use up the attempts.
      if (again instanceof Date)
        return () => putOff(message, { availableAt: again, attempts: 0, lastError: null });
      return () => this.done(message);
    } catch (error) {
      if (abort.signal.reason instanceof Interrupted) return () => handBack([message]);
      return () => this.fail(message, asError(error), topic?.nextTurn);
    }
  }

  private async fail(message: OutboxMessage, error: Error, nextTurn?: () => Date): Promise<void> {
    if (error instanceof GiveUpError || message.attempts >= this.options.maxAttempts)
      return this.giveUp(message, error, nextTurn);
    const lastError = error.message.slice(0, MAX_ERROR);
    runWithRequest(contextOf(message), () =>
      this.options.log.warn(`${nameOf(message)} failed (attempt ${message.attempts})`, { error }),
    );
    const availableAt = new Date(clock.now().getTime() + retryDelayMs(message.attempts));
    await putOff(message, { availableAt, lastError });
  }

  /** What cannot be written down now is done again when the lease has run out. */
  private async conclude(message: OutboxMessage, writeEnd: WriteEnd): Promise<void> {
    try {
      await writeEnd();
    } catch (error) {
      this.options.log.error(`${nameOf(message)} has ended unwritten: ${asError(error).message}`);
    }
    if (this.held.get(message.id)?.message === message) this.held.delete(message.id);
  }
}
