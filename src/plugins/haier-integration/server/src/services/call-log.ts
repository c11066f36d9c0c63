/**
 * The log of calls: one row for each attempt, masked and trimmed. It is evidence too: whether an order was sent before is read
 * here. Writing it never fails a call and never holds it up for long.
 */
import { setTimeout as wait } from 'node:timers/promises';

import type { Core } from '@strapi/strapi';

import { API_LOG_UID, type System } from '../constants';
import { type CallOutcome, countCall } from '../metrics';

/** Already masked: the log does not know what is secret in a call. */
export interface LoggedCall {
  system: System;
  operation: string;
  outcome: CallOutcome;
  url: string;
  httpStatus: number | null;
  attempt: number;
  durationMs: number;
  /** What it is about: an order number, a so id, a product code. */
  subject: string | null;
  message: string | null;
  requestBody: string;
  responseBody: string | null;
  calledAt: Date;
}

export interface CallLog {
  /** Keeps one attempt that is over. */
  record(call: LoggedCall): Promise<void>;
  /** Keeps an attempt before it is made, as one whose outcome is not known; undefined when that could not be written. */
  begin(call: LoggedCall): Promise<number | undefined>;
  /** Completes such a row; without it the attempt is recorded now. */
  finish(id: number | undefined, call: LoggedCall): Promise<void>;
  /** Whether an earlier attempt about this subject was taken or may have been, other than row `exceptId`. Throws when it cannot be read. */
  mayHaveBeenTaken(operation: string, subject: string, exceptId: number | undefined): Promise<boolean>;
  /** Removes rows older than thirty days in pieces, at most so many; returns how many went. */
  removeOld(maxPieces?: number): Promise<number>;
}

const KEEP_MS = 30 * 24 * 3_600_000;
const PIECE = 1_000;
const MAX_PIECES = 500;
/** A database that does not answer must not hold up what the call has brought. */
const LONGEST_WRITE_MS = 3_000;
const MAX_SUBJECT = 64;
const MAX_MESSAGE = 500;

function toColumns(call: LoggedCall): Record<string, unknown> {
  return {
    system: call.system,
    operation: call.operation.slice(0, MAX_SUBJECT),
    outcome: call.outcome,
    method: 'POST',
    url: call.url,
    http_status: call.httpStatus,
    attempt: call.attempt,
    duration_ms: Math.round(call.durationMs),
    subject: call.subject === null ? null : call.subject.slice(0, MAX_SUBJECT),
    message: call.message === null ? null : call.message.slice(0, MAX_MESSAGE),
    request_body: call.requestBody,
    response_body: call.responseBody,
    called_at: call.calledAt,
    created_at: call.calledAt,
  };
}

export function createCallLog(strapi: Core.Strapi, now: () => number = Date.now): CallLog {
  // On a connection of its own: a log row is kept even where the work around it is rolled back.
  const rows = () => strapi.db.connection(strapi.db.metadata.get(API_LOG_UID).tableName);

  async function write<T>(statement: () => Promise<T>): Promise<T | undefined> {
    const attempt = statement().catch((error: unknown) => {
      strapi.log.warn(
        `haier-integration: a call could not be logged (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})`,
      );
      return undefined;
    });
    const gaveUp = new AbortController();
    const clock = wait(LONGEST_WRITE_MS, undefined, { signal: gaveUp.signal }).catch(() => undefined);
    try {
      return await Promise.race([attempt, clock]);
    } finally {
      gaveUp.abort();
    }
  }

  const insert = async (call: LoggedCall): Promise<number | undefined> => {
    const [row] = (await rows().insert(toColumns(call)).returning('id')) as { id: number }[];
    return row?.id;
  };
  const count = (call: LoggedCall): void => countCall(call, call.durationMs);

  return {
    async record(call) {
      count(call);
      await write(() => insert(call));
    },
    begin: (call) => write(() => insert(call)),
    async finish(id, call) {
      count(call);
      await write(async () => {
        if (id === undefined) await insert(call);
        else await rows().where({ id }).update(toColumns(call));
      });
    },
    async mayHaveBeenTaken(operation, subject, exceptId) {
      const query = rows()
        .where({ operation, subject: subject.slice(0, MAX_SUBJECT) })
        .whereIn('outcome', ['ok', 'unknown_outcome', 'bad_answer']);
      if (exceptId !== undefined) void query.whereNot('id', exceptId);
      return (await query.first('id')) !== undefined;
    },
    async removeOld(maxPieces = MAX_PIECES) {
      const before = new Date(now() - KEEP_MS);
      let removed = 0;
      for (let piece = 0; piece < maxPieces; piece += 1) {
        const old = rows().where('called_at', '<', before).orderBy('called_at').limit(PIECE).select('id');
        const gone: number = await rows().whereIn('id', old).delete();
        removed += gone;
        if (gone < PIECE) break;
      }
      return removed;
    },
  };
}

/** The log of this process. */
export default ({ strapi }: { strapi: Core.Strapi }): CallLog => createCallLog(strapi);
