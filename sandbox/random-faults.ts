import { z } from 'zod';
import type { Fault } from './faults';
import { HOST_NAMES } from './request-log';

export const RANDOM_KINDS = [
  'refuse-connection',
  'lose-answer',
  'status-500',
  'status-500-after',
  'status-503',
  'status-429',
  'status-401',
  'business',
  'rubbish',
  'slow',
] as const;
type RandomKind = (typeof RANDOM_KINDS)[number];

/** What befalls a share of the calls unless told otherwise; half of it happens after the call has taken effect. */
const USUAL_KINDS: readonly RandomKind[] = [
  'refuse-connection',
  'lose-answer',
  'status-500',
  'status-500-after',
  'status-503',
  'lose-answer',
];

export const randomFaultsSchema = z.strictObject({
  host: z.enum(HOST_NAMES),
  /** A prefix of the path, or a regular expression when it starts with `^`. */
  path: z.string().optional(),
  /** Share of the calls that fail, 0 to 1. */
  rate: z.number().min(0).max(1),
  /** The same seed fails the same calls, counted from the first. */
  seed: z.number().int(),
  kinds: z.array(z.enum(RANDOM_KINDS)).min(1).optional(),
});

export type RandomFaultsInput = z.infer<typeof randomFaultsSchema>;

/** Numbers from 0 up to 1 that are always the same after a seed (mulberry32). */
function numbersAfter(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function faultOf(host: Fault['host'], kind: RandomKind): Fault {
  switch (kind) {
    case 'status-500-after':
      return { host, kind: 'status', status: 500, processFirst: true };
    case 'status-500':
    case 'status-503':
    case 'status-429':
    case 'status-401':
      return { host, kind: 'status', status: Number(kind.slice('status-'.length)) };
    case 'slow':
      return { host, kind: 'delay', ms: 300 };
    case 'business':
      return { host, kind: 'business', message: '系统繁忙' };
    default:
      return { host, kind };
  }
}

/** Lets a share of the calls to a host fail. */
export class RandomFaults {
  private readonly next: () => number;

  constructor(readonly input: RandomFaultsInput) {
    this.next = numbersAfter(input.seed);
  }

  /** What befalls the next call, if anything. */
  draw(): Fault | undefined {
    const { host, rate, kinds = USUAL_KINDS } = this.input;
    const [hit, which] = [this.next(), this.next()];
    const kind = kinds[Math.floor(which * kinds.length)];
    return hit < rate && kind !== undefined ? faultOf(host, kind) : undefined;
  }
}
