/**
 * The jobs of the clock: each runs once over all processes, never beside itself, and goes on where it stopped.
 *
 *   export const CLOCK_JOBS: ClockJob[] = [
 *     { topic: 'housekeeping.run', everyMs: 3_600_000, run: removeExpired },
 *     { topic: 'reconciliation.run', dailyAt: '10:00', run: reconcile },   // Beijing time
 *   ];
 *   createWorker({ topics: { ...TOPICS, ...jobTopics(CLOCK_JOBS) } });      // who does them
 *   await scheduleJobs(CLOCK_JOBS);                                         // at the start of every process
 *
 * A job is one row of the outbox that puts itself off after every run, so leases, retries and the dead list are the
 * outbox's. A turn missed while nothing ran is made up for once, at the next start.
 */
import { randomInt } from 'node:crypto';

import { DAY_MS } from '../domain/beijing-day';
import { clock } from './clock';
import { inTransaction, newDocument, query, toColumns } from './database';
import { OUTBOX_UID, type OutboxMessage, saveState, type Topic } from './outbox';

export interface JobTurn {
  /** The moment this turn was due; late by as long as nobody was there to take it. */
  dueAt: Date;
  /** What the job saved last, in this turn or an earlier one; empty at first. */
  state: Readonly<Record<string, unknown>>;
  /** Keeps where the job is, for the next turn or for who takes over after a crash. Throws once the turn was lost. */
  save(state: Record<string, unknown>): Promise<void>;
  /** Aborted when the time limit is over, the process stops, or the turn was lost: stop at the next safe place. */
  signal: AbortSignal;
}

interface JobWork {
  /** The outbox topic, e.g. `audit.run`; names the job. */
  topic: string;
  /** Throws to be tried again with growing pauses; after the last try staff are told and the next turn comes as usual. */
  run(turn: JobTurn): Promise<void>;
  /** After this `signal` is aborted and the turn counts as failed; 30 minutes when left out. */
  timeLimitMs?: number;
}

/** Either so many milliseconds after the last turn ended, or once a day at a time `HH:MM` of Asia/Shanghai. */
export type ClockJob = JobWork & ({ everyMs: number } | { dailyAt: string });

const MINUTE_MS = 60_000;
/** China has kept one offset without summer time since 1991. */
const BEIJING_OFFSET_MS = 8 * 60 * MINUTE_MS;
const DEFAULT_LIMIT_MS = 30 * MINUTE_MS;
/** Processes restarted together do not work together. */
const SPREAD_MS = 10_000;

const keyOf = ({ topic }: JobWork): string => `clock:${topic}`;

/** The next moment after `now` at which a clock in Beijing shows `time` (`HH:MM`). Throws for anything else. */
export function nextBeijingTime(time: string, now: Date): Date {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (match === null) throw new Error(`${time} is no time of day (HH:MM)`);
  const inDayMs = (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
  const beijingMs = now.getTime() + BEIJING_OFFSET_MS;
  const today = Math.floor(beijingMs / DAY_MS) * DAY_MS + inDayMs;
  const next = today > beijingMs ? today : today + DAY_MS;
  return new Date(next - BEIJING_OFFSET_MS);
}

/** When a job is due next. */
export function nextTurn(job: ClockJob, now: Date): Date {
  if ('dailyAt' in job) return nextBeijingTime(job.dailyAt, now);
  return new Date(now.getTime() + job.everyMs + randomInt(Math.min(SPREAD_MS, job.everyMs) + 1));
}

function topicOf(job: ClockJob): Topic {
  return {
    lane: 'upkeep',
    timeLimitMs: job.timeLimitMs ?? DEFAULT_LIMIT_MS,
    nextTurn: () => nextTurn(job, clock.now()),
    async handle(message: OutboxMessage, { signal }) {
      await job.run({
        dueAt: message.availableAt,
        state: message.payload,
        save: (state) => saveState(message, state),
        signal,
      });
      return nextTurn(job, clock.now());
    },
  };
}

/** The jobs as topics for the worker. */
export const jobTopics = (jobs: readonly ClockJob[]): Record<string, Topic> =>
  Object.fromEntries(jobs.map((job) => [job.topic, topicOf(job)]));

/**
 * Makes sure each job stands in the outbox exactly once, however many processes start together: a unique index on the
 * key decides. A turn that a changed timetable wants earlier is brought forward.
 */
export async function scheduleJobs(jobs: readonly ClockJob[]): Promise<void> {
  for (const job of jobs) await scheduleJob(job);
}

async function scheduleJob(job: ClockJob): Promise<void> {
  const now = clock.now();
  const key = keyOf(job);
  // The first turn of a fresh database comes soon, later ones at their time.
  const next = nextTurn(job, now);
  const first = 'dailyAt' in job ? next : new Date(Math.min(next.getTime(), now.getTime() + MINUTE_MS));
  await inTransaction(async (tx) => {
    const row = { topic: job.topic, payload: {}, key, availableAt: first, status: 'pending', attempts: 0 };
    await query(OUTBOX_UID, tx)
      .insert(toColumns(OUTBOX_UID, { ...newDocument(), ...row }))
      .onConflict()
      .ignore();
    await query(OUTBOX_UID, tx)
      .where({ key, attempts: 0 })
      .whereRaw("status = 'pending'")
      .where('available_at', '>', next)
      .update(toColumns(OUTBOX_UID, { availableAt: next, updatedAt: now }));
    // A row of the same job under another key is from an older version.
    await query(OUTBOX_UID, tx)
      .where('topic', job.topic)
      .whereRaw("status <> 'done'")
      .andWhere((other) => other.whereNull('key').orWhereNot('key', key))
      .update(toColumns(OUTBOX_UID, { status: 'done', updatedAt: now }));
  });
}
