import { z } from 'zod';
import type { Call } from '../listener';
import { badParameter, SupplierRefusal } from './refusal';

const hasType = (call: Call, type: string): boolean =>
  (call.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === type;

function bodyText(call: Call): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(call.body);
  } catch {
    throw badParameter('body is not UTF-8');
  }
}

/** Throws 405 unless it is a POST. */
export function requirePost(call: Call): void {
  if (call.method !== 'POST') throw new SupplierRefusal(405, '405', `${call.method} is not allowed`);
}

/** The JSON body in the shape of `schema`. Throws 400 naming every field that is not right. */
export function readJson<Schema extends z.ZodType>(call: Call, schema: Schema): z.infer<Schema> {
  if (!hasType(call, 'application/json')) throw badParameter('Content-Type must be application/json');
  let body: unknown;
  try {
    body = JSON.parse(bodyText(call));
  } catch (error) {
    if (error instanceof SupplierRefusal) throw error;
    throw badParameter('body is not JSON');
  }
  return checked(schema, body);
}

/** The form body in the shape of `schema`. Throws 400; a field that comes twice is refused too. */
export function readForm<Schema extends z.ZodType>(call: Call, schema: Schema): z.infer<Schema> {
  if (!hasType(call, 'application/x-www-form-urlencoded')) {
    throw badParameter('Content-Type must be application/x-www-form-urlencoded');
  }
  const fields = [...new URLSearchParams(bodyText(call))];
  if (new Set(fields.map(([name]) => name)).size < fields.length) throw badParameter('a field comes twice');
  return checked(schema, Object.fromEntries(fields));
}

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw badParameter(problems.join('; '));
}
