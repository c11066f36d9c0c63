import { z } from 'zod';
import { badField, PayRefusal, TRACE } from './refusal';

/** A non-empty string of at most `max` bytes of UTF-8, which is what the live host counts where its tables say string(n). */
export function text(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .refine((value) => Buffer.byteLength(value) <= max, `must not be longer than ${max} bytes`);
}

export const outTradeNo = z
  .string()
  .regex(/^[0-9A-Za-z_\-|*]{6,32}$/, 'must be 6 to 32 of 0-9 A-Z a-z _ - | *');
export const outRefundNo = z
  .string()
  .regex(/^[0-9A-Za-z_\-|*@]{1,64}$/, 'must be 1 to 64 of 0-9 A-Z a-z _ - | * @');
export const fen = z.number().int().min(1);

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isNotifyUrl(value: string): boolean {
  if (value.includes('?') || value.includes('#')) return false;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || url.username || url.password) return false;
  // The live host wants https; a shop under test listens on loopback without a certificate: the one relaxation here.
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname));
}

/** An address notifications can be sent to: https, no query string (APIv3, notification address). */
export function notifyUrl(max: number): z.ZodString {
  return text(max).refine(isNotifyUrl, 'must be an https address without a query string');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}

function refusalOf(issue: z.core.$ZodIssue, root: unknown): PayRefusal {
  const extra = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = extra === undefined ? issue.path : [...issue.path, extra];
  const value = valueAt(root, path);
  const shown = ['string', 'number', 'boolean'].includes(typeof value);
  const outOfRange = issue.code === 'too_small' || issue.code === 'too_big';
  const trace =
    extra !== undefined ? TRACE.unexpectedParameter : outOfRange ? TRACE.outOfRange : TRACE.badParameter;
  return badField(
    {
      field: `/${path.map(String).join('/')}`,
      issue: extra === undefined ? issue.message : 'unexpected parameter',
      location: 'body',
      // Only what the caller sent as a plain value is echoed.
      ...(shown && { value: value as string | number | boolean }),
    },
    trace,
  );
}

/**
 * Reads a JSON body against a closed schema: no unknown field, no null, right types and sizes.
 * Throws 400 PARAM_ERROR naming the first field that breaks a rule.
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.infer<Schema> {
  let root: unknown;
  try {
    root = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new PayRefusal(400, 'PARAM_ERROR', '请求体不是合法的JSON', { trace: TRACE.badParameter });
  }
  const result = schema.safeParse(root);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw first ? refusalOf(first, root) : new PayRefusal(400, 'PARAM_ERROR', '参数错误');
}

/** Reads the query string: exactly the named parameters, each once. Throws 400 PARAM_ERROR. */
export function parseQuery<Name extends string, Optional extends string = never>(
  query: URLSearchParams,
  required: readonly Name[],
  optional: readonly Optional[] = [],
): Record<Name, string> & Partial<Record<Optional, string>> {
  const known = new Set<string>([...required, ...optional]);
  const found: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!known.has(name) || name in found) {
      throw badField(
        { field: name, issue: 'unexpected parameter', location: 'query' },
        TRACE.unexpectedParameter,
      );
    }
    found[name] = value;
  }
  const missing = required.find((name) => !found[name]);
  if (missing !== undefined) throw badField({ field: missing, issue: 'required', location: 'query' });
  // Every required name was just seen to be there.
  return found as Record<Name, string> & Partial<Record<Optional, string>>;
}

/** One form for equal requests, whatever the order of their fields. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
