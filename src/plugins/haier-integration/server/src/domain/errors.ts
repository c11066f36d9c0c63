import type { System } from '../constants';

/**
 * What kind of failure it was, which decides what may be done about it.
 * - `not_configured`: no account for this system; nothing was sent.
 * - `rejected`: the other side understood and said no (4xx, or 200 with `success: false`). Repeating changes nothing.
 * - `unauthorized`: the account or its permissions are refused (401 again with a fresh token, 403).
 * - `unavailable`: certainly not processed (connection refused, circuit open, limit reached, 429, 503). Worth repeating.
 * - `unknown_outcome`: time-out, broken connection, 5xx: it may or may not have been processed.
 * - `bad_answer`: an answer came that is not what the contract says; what it means is not known.
 */
export const FAILURE_KINDS = [
  'not_configured',
  'rejected',
  'unauthorized',
  'unavailable',
  'unknown_outcome',
  'bad_answer',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

const REPEATABLE = new Set<FailureKind>(['unavailable', 'unknown_outcome']);

export interface FailureFacts {
  system: System;
  /** The client's method, e.g. `createOrder`. */
  operation: string;
  kind: FailureKind;
  /** HTTP status, where there was one. */
  status?: number;
  /** The other side's own code and words, trimmed; never a secret, a phone number or an address. */
  upstreamCode?: string;
  upstreamMessage?: string;
}

/** A call to Haier or YLH that did not do what was asked. Says what failed, where, and whether a repeat is worth it. */
export class HaierError extends Error {
  readonly system: System;
  readonly operation: string;
  readonly kind: FailureKind;
  readonly status?: number;
  readonly upstreamCode?: string;
  readonly upstreamMessage?: string;

  constructor(facts: FailureFacts, options?: { cause?: unknown }) {
    const said = [facts.upstreamCode, facts.upstreamMessage].filter((part) => part !== undefined).join(' ');
    super(
      `${facts.system}.${facts.operation}: ${facts.kind}` +
        `${facts.status === undefined ? '' : ` (HTTP ${facts.status})`}${said === '' ? '' : `: ${said}`}`,
      options,
    );
    this.name = 'HaierError';
    this.system = facts.system;
    this.operation = facts.operation;
    this.kind = facts.kind;
    this.status = facts.status;
    this.upstreamCode = facts.upstreamCode;
    this.upstreamMessage = facts.upstreamMessage;
  }

  /** True when the same call may succeed later. */
  get isWorthRepeating(): boolean {
    return REPEATABLE.has(this.kind);
  }
}
