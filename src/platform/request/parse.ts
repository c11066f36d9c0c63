import type { Context } from 'koa';
import { z } from 'zod';

import { type FieldProblem, validationFailed } from '../../domain/refusal';

/** zod says of a field that is not there that it has the wrong type. */
const wordsFor = (message: string): string =>
  /^Invalid input: expected \w+, received undefined$/.test(message) ? 'is required' : message;

/** The value as `schema` describes it. Throws VALIDATION_FAILED with the place of every wrong value. */
export function parseValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
  root: (string | number)[] = [],
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems: FieldProblem[] = parsed.error.issues.map((issue) => ({
    path: [...root, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
    message: wordsFor(issue.message),
  }));
  throw validationFailed(problems);
}

/** The body of an action, a plain object. Unknown fields are refused: a field that does nothing is a mistake. */
export function parseAction<S extends z.ZodType>(schema: S, ctx: Context): z.output<S> {
  return parseValue(schema, ctx.request.body ?? {});
}

/** The body of an action that says everything by its path. */
export const noBody = z.strictObject({});

const enveloped = z.strictObject({ data: z.unknown() });

/** The document in a body `{data: {…}}`, as Strapi's own routes take it. */
export function parseData<S extends z.ZodType>(schema: S, ctx: Context): z.output<S> {
  const { data } = parseValue(enveloped, ctx.request.body ?? {});
  return parseValue(schema, data, ['data']);
}

const DOCUMENT_ID = /^[a-z0-9]{10,64}$/;

/** True for a text that can be a documentId; anything else cannot name a row. */
export const isDocumentId = (value: string): boolean => DOCUMENT_ID.test(value);

/** A text field: trimmed, of bounded length, on one line. Lengths count characters as people see them in Chinese. */
export const lineOfText = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min, `must have at least ${min} character${min === 1 ? '' : 's'}`)
    .refine((value) => [...value].length <= max, `must have at most ${max} characters`)
    .refine((value) => !/[\r\n\t]/.test(value), 'must be on one line');

/** A longer text that may have line breaks. */
export const paragraph = (max: number) =>
  z
    .string()
    .trim()
    .refine((value) => [...value].length <= max, `must have at most ${max} characters`);

export const documentId = () => z.string().refine(isDocumentId, 'must be a documentId');

/** How many lines a cart and a checkout have at most: what is in a cart can be ordered in one go. */
export const MAX_LINES = 50;
/** How many pieces one line may ask for. */
export const MAX_QUANTITY = 999;
export const quantity = () =>
  z
    .number()
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(MAX_QUANTITY, `must be at most ${MAX_QUANTITY}`);

/** A JSON amount in yuan with at most two places. */
export const yuan = (maximum = 99_999_999.99) =>
  z
    .number()
    .min(0, 'must not be negative')
    .max(maximum, `must be at most ${maximum}`)
    .refine(
      (value) => Math.abs(Math.round(value * 100) - value * 100) < 1e-6,
      'must have at most two decimal places',
    );
