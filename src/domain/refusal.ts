/**
 * Refusals a caller must expect. Every code the API can answer with is in this one list; the table in
 * `platform/errors` gives each its HTTP status and its words.
 */
export const REFUSAL_CODES = [
  'VALIDATION_FAILED',
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED',
  'INVALID_CREDENTIALS',
  'FORBIDDEN',
  'USER_BLOCKED',
  'NOT_FOUND',
  'OUT_OF_STOCK',
  'ORDER_STATE_CONFLICT',
  'PRICE_CHANGED',
  'IDEMPOTENCY_CONFLICT',
  'PAYMENT_CONFLICT',
  'MESSAGE_CONFLICT',
  'PAYLOAD_TOO_LARGE',
  'REGION_UNKNOWN',
  'NOT_FOR_SALE',
  'RATE_LIMITED',
  'UPSTREAM_FAILED',
  'UPSTREAM_UNAVAILABLE',
  'INTERNAL_ERROR',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One wrong field of a request: where, and what to do about it, in English; whoever asked in Chinese is told in Chinese. */
export interface FieldProblem {
  path: (string | number)[];
  message: string;
}

/** A sentence for people, Chinese first. */
export interface Sentence {
  zh: string;
  en: string;
}

export interface RefusalOptions {
  /** Says more than the code's own sentence. */
  sentence?: Sentence;
  /** Facts a program can act on; they leave the server as `error.details`. */
  details?: Record<string, unknown>;
}

/** An expected "no". Anything else that is thrown is a defect and leaves the server as a plain 500. */
export class Refusal extends Error {
  readonly sentence?: Sentence;
  readonly details: Record<string, unknown>;

  constructor(
    readonly code: RefusalCode,
    { sentence, details = {} }: RefusalOptions = {},
  ) {
    super(sentence?.en ?? code);
    this.name = 'Refusal';
    this.sentence = sentence;
    this.details = details;
  }
}

/** Not there, or not yours: the two look the same on purpose, so that nobody can probe for other people's rows. */
export const notFound = (): Refusal => new Refusal('NOT_FOUND');

const MAX_PROBLEMS = 20;
const MAX_TEXT = 200;
const shorten = <T>(part: T): T | string =>
  typeof part === 'string' && part.length > MAX_TEXT ? `${part.slice(0, MAX_TEXT)}…` : part;

/**
 * Bad input, with the place of each wrong value. Only so many are listed, and so much of each: a request of a few bytes
 * must not be answered with megabytes.
 */
export const validationFailed = (errors: FieldProblem[], sentence?: Sentence): Refusal =>
  new Refusal('VALIDATION_FAILED', {
    sentence,
    details: {
      errors: errors
        .slice(0, MAX_PROBLEMS)
        .map(({ path, message }) => ({ path: path.map(shorten), message: shorten(message) })),
    },
  });
