import { randomUUID } from 'node:crypto';
import { z } from 'zod';
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
  faultBase.extend({ kind: z.literal('delay'), ms: z.number().int().min(0) }),
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
  faultBase.extend({ kind: z.literal('answer-twice') }),
  faultBase.extend({ kind: z.literal('unsigned') }),
  faultBase.extend({ kind: z.literal('wrong-signature') }),
  faultBase.extend({
    kind: z.literal('business'),
    /** Pay host: HTTP status (default 400) and `code`; mini-program host: `errcode`. */
    status: z.number().int().min(200).max(599).optional(),
    code: z.string().optional(),
    errcode: z.number().int().optional(),
    message: z.string().optional(),
    processFirst,
  }),
]);

/** A scripted misbehaviour of one of the two hosts. */
export type Fault = z.infer<typeof faultSchema>;

export type ActiveFault = Fault & { id: string };

function matches(fault: Fault, host: HostName, method: string, path: string): boolean {
  if (fault.host !== host) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return fault.path.startsWith('^') ? new RegExp(fault.path).test(path) : path.startsWith(fault.path);
}

/** The faults waiting for their request; the oldest matching one wins. */
export class FaultList {
  private faults: ActiveFault[] = [];

  /** Adds a fault; answers it with its id. Throws SyntaxError when `path` is a broken regular expression. */
  add(fault: Fault): ActiveFault {
    if (fault.path?.startsWith('^')) new RegExp(fault.path);
    const active = { ...fault, id: randomUUID() };
    this.faults.push(active);
    return { ...active };
  }

  list(): ActiveFault[] {
    return this.faults.map((fault) => ({ ...fault }));
  }

  /** Removes one fault by id, or all of them. */
  clear(id?: string): void {
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
  }

  /** The fault that hits this request, if any; counts it. */
  take(host: HostName, method: string, path: string): Fault | undefined {
    const fault = this.faults.find((candidate) => matches(candidate, host, method, path));
    if (!fault) return undefined;
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
}
