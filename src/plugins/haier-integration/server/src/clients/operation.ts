/** One thing that is asked of one of the systems, before it is sent. */
import type { System } from '../constants';
import type { FailureKind, HaierError } from '../domain/errors';
import type { HeldToken, TokenAccount } from '../services/token-keeper';
import type { Answer } from './line';

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

/** An operation without the reading of its answer. */
export interface Request {
  system: System;
  name: string;
  url: string;
  /** What it is about, for the log: an order number, a so id, a product code. */
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
}

export interface Operation<T> extends Request {
  read(answer: Answer, context: ReadContext): T | Promise<T>;
}

/** What the attempts of one call know of each other. */
export interface CallState {
  attempts: number;
  mayBeTaken: boolean;
  /** The one new token a call may ask for was asked for. */
  isMended: boolean;
}

export const newState = (): CallState => ({ attempts: 0, mayBeTaken: false, isMended: false });
