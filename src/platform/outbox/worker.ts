import { randomInt, randomUUID } from 'node:crypto';

import { clock } from '../clock';
import { claimMessages, finishMessage, type OutboxMessage } from './claim';
import { onWake } from './wake';

/**
 * Does what one message promises. It may run again after a crash, so applied twice it must change nothing the second
 * time. Returning a Date means "not settled, look again then" and does not count as a failure.
 */
export type MessageHandler = (message: OutboxMessage) => Promise<Date | void>;

export interface WorkerOptions {
  handlers: Record<string, MessageHandler>;
  /** Told once when a message is given up; the row stays in the dead list for staff. */
  onDead: (message: OutboxMessage, error: Error) => Promise<void>;
  log: { warn(message: string): void; error(message: string): void };
  pollMs?: number;
  concurrency?: number;
  leaseMs?: number;
  maxAttempts?: number;
}

export interface Worker {
  start(): void;
  /** Finishes what is in hand, takes nothing new, and resolves when idle. */
  stop(): Promise<void>;
  /** Works everything that is due now; returns how many messages that were. For tests and commands. */
  drain(): Promise<number>;
}

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_CEILING_MS = 10 * 60_000;

/** Exponential with full jitter above a floor: retries of many messages spread out instead of arriving together. */
export function retryDelayMs(attempts: number): number {
  const ceiling = Math.min(BACKOFF_FIRST_MS * 2 ** (attempts - 1), BACKOFF_CEILING_MS);
  return Math.floor(ceiling / 2) + randomInt(Math.ceil(ceiling / 2) + 1);
}

/** One process's worker. Any number of them may work the same table. */
export function createWorker(options: WorkerOptions): Worker {
  const {
    handlers,
    log,
    onDead,
    pollMs = 500,
    concurrency = 4,
    leaseMs = 60_000,
    maxAttempts = 12,
  } = options;
  const workerId = randomUUID();
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  let wakeAgain = false;

  const fail = async (message: OutboxMessage, error: Error): Promise<void> => {
    const lastError = error.message.slice(0, 2_000);
    if (message.attempts >= maxAttempts) {
      log.error(
        `outbox: ${message.topic} ${message.id} is given up after ${message.attempts} attempts: ${lastError}`,
      );
      if (await finishMessage(message, { status: 'dead', lastError, lockedUntil: null }))
        await onDead(message, error);
      return;
    }
    log.warn(`outbox: ${message.topic} ${message.id} failed (attempt ${message.attempts}): ${lastError}`);
    const availableAt = new Date(clock.now().getTime() + retryDelayMs(message.attempts));
    await finishMessage(message, { status: 'pending', availableAt, lastError, lockedUntil: null });
  };

  const work = async (message: OutboxMessage): Promise<void> => {
    try {
      const handler = handlers[message.topic];
      if (handler === undefined) throw new Error(`nobody handles the topic ${message.topic}`);
      const again = await handler(message);
      if (again instanceof Date) {
        // A look that found nothing settled is no failure: it must not use up the attempts.
        await finishMessage(message, {
          status: 'pending',
          availableAt: again,
          attempts: 0,
          lockedUntil: null,
        });
      } else {
        await finishMessage(message, { status: 'done', lockedUntil: null, lastError: null });
      }
    } catch (error) {
      await fail(message, error instanceof Error ? error : new Error(String(error)));
    }
  };

  const workBatch = async (): Promise<number> => {
    const messages = await claimMessages({ workerId, limit: concurrency, leaseMs });
    await Promise.all(messages.map(work));
    return messages.length;
  };

  const loop = async (): Promise<void> => {
    try {
      do {
        wakeAgain = false;
        while (running && (await workBatch()) > 0);
      } while (running && wakeAgain);
    } catch (error) {
      // The database is away or restarting: keep looking, that is the worker's whole purpose.
      log.warn(`outbox: cannot look for work: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    if (!running) return;
    timer = setTimeout(() => {
      isBusy = true;
      current = loop().finally(() => {
        isBusy = false;
        schedule(pollMs);
      });
    }, delayMs);
  };

  return {
    start() {
      running = true;
      onWake(() => {
        // One loop at a time: `stop` waits for the one it knows.
        if (isBusy) wakeAgain = true;
        else schedule(0);
      });
      schedule(0);
    },
    async stop() {
      running = false;
      onWake(undefined);
      clearTimeout(timer);
      await current;
    },
    async drain() {
      let done = 0;
      for (let batch = await workBatch(); batch > 0; batch = await workBatch()) done += batch;
      return done;
    },
  };
}
