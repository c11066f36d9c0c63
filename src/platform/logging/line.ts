/** One line of a log, masked: as JSON for machines, as text for people. */
import { type Masker, trimBytes } from '../masking';
import type { RequestContext } from '../request/context';

/** What winston hands to a format; the rest are the caller's own fields. */
export interface LogInfo {
  level: string;
  message: unknown;
  stack?: unknown;
  [field: string]: unknown;
}

export interface LineOptions {
  format: 'text' | 'json';
  masker: Masker;
  /** `web@host:pid`: who of those that write into one folder. */
  processName: string;
}

const MAX_MESSAGE_BYTES = 16 * 1024;
const MAX_STACK_BYTES = 8 * 1024;
const MAX_FIELDS_BYTES = 16 * 1024;
const MAX_CAUSES = 3;
/** Fields of an error that say what broke, without quoting a row. */
const ERROR_FIELDS = ['code', 'status', 'constraint', 'table', 'column', 'routine', 'service', 'syscall'];

/** Everything that may be known of an error, causes included, as a value that can be masked and printed. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const known = error as Error & Record<string, unknown>;
  const fields = Object.fromEntries(
    ERROR_FIELDS.flatMap((name) => {
      const value = known[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
    }),
  );
  return {
    name: error.name,
    message: error.message,
    ...fields,
    stack: error.stack,
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

interface Entry {
  time: string;
  level: string;
  message: string;
  context: Record<string, unknown>;
  fields: Record<string, unknown>;
  stack?: string;
}

/** What a line says of the request or job it belongs to. */
export function contextFields(context: RequestContext | undefined): Record<string, string> {
  if (context === undefined) return {};
  const { requestId, job, user, orders } = context;
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(user === undefined ? {} : { user }),
    ...(orders === undefined || orders.size === 0 ? {} : { order: [...orders].join(',') }),
    ...(job === undefined ? {} : { job }),
  };
}

function toEntry(info: LogInfo, context: Record<string, unknown>, { masker }: LineOptions): Entry {
  const { level, message, stack, ...fields } = info;
  // An error is logged as itself too; its message and stack are not among its own fields.
  const { message: words, stack: trace } = info instanceof Error ? info : { message, stack };
  const described = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, describeError(value)]),
  );
  const hasTrace = typeof trace === 'string';
  return {
    time: new Date().toISOString(),
    level,
    message: masker.text(typeof words === 'string' ? words : (describeError(words) ?? ''), MAX_MESSAGE_BYTES),
    context,
    fields: masker.value(described) as Record<string, unknown>,
    ...(hasTrace ? { stack: masker.text(trace, MAX_STACK_BYTES) } : {}),
  };
}

function toJson({ time, level, message, context, fields, stack }: Entry, processName: string): string {
  const line = JSON.stringify({ ...fields, time, level, message, ...context, process: processName, stack });
  if (Buffer.byteLength(line) <= MAX_FIELDS_BYTES + MAX_MESSAGE_BYTES + MAX_STACK_BYTES) return line;
  return JSON.stringify({ time, level, message, ...context, process: processName, stack, isCut: true });
}

/** Further lines are set in, so that no text from outside begins a line of the log. */
const setIn = (text: string): string => text.replaceAll(/\r\n|[\n\r\u2028\u2029]/g, '\n    ');

/** The stack of what was logged, to stand below its line, and what is left of the fields. */
function takeTrace(
  fields: Record<string, unknown>,
  stack: string | undefined,
): { trace?: string; facts: Record<string, unknown> } {
  const { error } = fields;
  if (typeof error !== 'object' || error === null || !('stack' in error))
    return { trace: stack, facts: fields };
  const { stack: trace, ...facts } = error as { stack?: string };
  return { trace: stack ?? trace, facts: { ...fields, error: facts } };
}

function toText({ time, level, message, context, fields, stack }: Entry): string {
  const known = Object.entries(context).map(([name, value]) => `${name}=${String(value)}`);
  const { trace, facts } = takeTrace(fields, stack);
  const more = Object.keys(facts).length > 0 ? [trimBytes(JSON.stringify(facts), MAX_FIELDS_BYTES)] : [];
  const head = [`[${time}] ${level}: ${message}`, ...known, ...more].join(' ');
  return setIn(trace === undefined ? head : `${head}\n${trace}`);
}

/** A request that was answered; a line of `api.log`. All of it but path and query is the shop's own word. */
export interface ApiCall {
  method: string;
  path: string;
  /** The names of its parameters. */
  query?: readonly string[];
  route: string;
  status: number;
  ms: number;
  bytes?: number;
  ip: string;
}

/** Written for every request, so only what came from outside is looked through. */
export function toApiLine(call: ApiCall, context: Record<string, unknown>, options: LineOptions): string {
  const { masker, format, processName } = options;
  const path = masker.text(call.path);
  const query = call.query === undefined ? undefined : masker.text(call.query.join(' '));
  const entry: Entry = {
    time: new Date().toISOString(),
    level: 'http',
    message: `${call.method} ${path} ${call.status}`,
    context,
    fields: { ...call, path, query },
  };
  return format === 'json' ? toJson(entry, processName) : toText(entry);
}

/** The line for what was logged, without its end. `context` is of the moment it was logged in. */
export function toLine(info: LogInfo, context: Record<string, unknown>, options: LineOptions): string {
  const entry = toEntry(info, context, options);
  return options.format === 'json' ? toJson(entry, options.processName) : toText(entry);
}
