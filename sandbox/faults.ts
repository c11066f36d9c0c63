import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RandomFaults, type RandomFaultsInput } from './random-faults';
import { HOST_NAMES, type HostName } from './request-log';

const faultBase = z.strictObject({
  host: z.enum(HOST_NAMES),
  method: z.string().optional(),
  /** A prefix of the path, or a regular expression when it starts with `^`. */
  path: z.string().optional(),
  /** How many requests it hits; absent = until cleared. */
  times: z.number().int().min(1).optional(),
  /** How many matching requests pass before the first hit. */
  skip: z.number().int().min(0).optional(),
});

/** `processFirst`: the request takes effect, and only its answer is replaced. */
const processFirst = z.boolean().optional();

export const faultSchema = z.discriminatedUnion('kind', [
  faultBase.extend({ kind: z.literal('delay'), ms: z.number().int().min(0), processFirst }),
  faultBase.extend({
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    body: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    processFirst,
  }),
  faultBase.extend({ kind: z.literal('refuse-connection') }),
  faultBase.extend({ kind: z.literal('lose-answer') }),
  faultBase.extend({ kind: z.literal('rubbish') }),
  /** The right answer, with so much white space behind it (default 32 MiB). */
  faultBase.extend({
    kind: z.literal('huge'),
    bytes: z.number().int().min(1).max(268_435_456).optional(),
  }),
  faultBase.extend({ kind: z.literal('answer-twice') }),
  faultBase.extend({ kind: z.literal('unsigned') }),
  faultBase.extend({ kind: z.literal('wrong-signature') }),
  faultBase.extend({
    kind: z.literal('business'),
    /** Pay host: HTTP status (default 400) and `code`; mini-program: `errcode`; Haier and YLH: 200 and `code`. */
    status: z.number().int().min(200).max(599).optional(),
    code: z.string().optional(),
    errcode: z.number().int().optional(),
    message: z.string().optional(),
    processFirst,
  }),
]);

/** A scripted misbehaviour of one of the hosts. */
export type Fault = z.infer<typeof faultSchema>;

export type ActiveFault = Fault & { id: string };

type Target = Pick<Fault, 'host' | 'method' | 'path'>;

/** Whether a request is one that is meant. */
export function matches(fault: Target, host: HostName, method: string, path: string): boolean {
  if (fault.host !== host) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return fault.path.startsWith('^') ? new RegExp(fault.path).test(path) : path.startsWith(fault.path);
}

/** The faults waiting for their request; the oldest matching one wins. */
export class FaultList {
  private faults: ActiveFault[] = [];
  private random: RandomFaults[] = [];

  /** Adds a fault; answers it with its id. Throws SyntaxError when `path` is a broken regular expression. */
  add(fault: Fault): ActiveFault {
    if (fault.path?.startsWith('^')) new RegExp(fault.path);
    const active = { ...fault, id: randomUUID() };
    this.faults.push(active);
    return { ...active };
  }

  /** From now on a share of the requests of a host fails; replaces what was said of the same host and path before. */
  failAtRandom(input: RandomFaultsInput): void {
    this.random = this.random.filter(({ input: old }) => old.host !== input.host || old.path !== input.path);
    if (input.rate > 0) this.random.push(new RandomFaults(input));
  }

  listRandom(): RandomFaultsInput[] {
    return this.random.map(({ input }) => input);
  }

  list(): ActiveFault[] {
    return this.faults.map((fault) => ({ ...fault }));
  }

  /** Removes one fault by id, or all of them, those at random too. */
  clear(id?: string): void {
    if (id === undefined) this.random = [];
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
  }

  /** The fault that hits this request, if any; counts it. */
  take(host: HostName, method: string, path: string): Fault | undefined {
    const fault = this.faults.find((candidate) => matches(candidate, host, method, path));
    if (!fault) return this.takeRandom(host, method, path);
    if (fault.skip) {
      fault.skip -= 1;
      return undefined;
    }
    if (fault.times !== undefined) {
      fault.times -= 1;
      if (fault.times === 0) this.clear(fault.id);
    }
    return fault;
  }
  private takeRandom(host: HostName, method: string, path: string): Fault | undefined {
    return this.random.find(({ input }) => matches(input, host, method, path))?.draw();
  }
}
