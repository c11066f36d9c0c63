/** How an answer becomes a value: its status first, then its envelope, then its fields. */
import { z } from 'zod';

import { type Envelope, isAccepted, openEnvelope, parseJson, toList } from './envelope';
import type { Answer } from './line';
import type { ReadContext } from './operation';

/** Their code and words, with the status, as `fail` takes them. */
const saidBy = (status: number, { code, message }: Envelope) => ({ status, code, message });

/** The envelope of an answer that is a yes. Throws `unauthorized`, `rejected` or `bad_answer`. */
export function openAnswer(answer: Answer, { fail }: Pick<ReadContext, 'fail'>): Envelope {
  const json = parseJson(answer.text);
  const envelope = openEnvelope(json);
  const { status } = answer;
  if (status === 401 || status === 403) throw fail('unauthorized', saidBy(status, envelope));
  if (status >= 400) throw fail('rejected', saidBy(status, envelope));
  if (!isAccepted(answer)) throw fail('bad_answer', { status, message: 'neither a yes nor a no' });
  if (json === undefined) throw fail('bad_answer', { status, message: 'no JSON' });
  if (envelope.success === false) throw fail('rejected', saidBy(status, envelope));
  return envelope;
}

/** Checks a value. What is wrong is said by the names of the fields, never by their values. */
export function readAs<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { fail }: Pick<ReadContext, 'fail'>,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole'))];
  throw fail('bad_answer', { message: `not as agreed: ${fields.slice(0, 5).join(', ')}` });
}

/** Text that may come as a number; blank is nothing. */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) => {
    const trimmed = value == null ? '' : String(value).trim();
    return trimmed === '' ? null : trimmed;
  });

/** A key without which an entry means nothing. */
export const key = z.union([z.string(), z.number()]).transform((value, context) => {
  const trimmed = String(value).trim();
  if (trimmed === '') context.addIssue({ code: 'custom', message: 'blank' });
  return trimmed;
});

const YES = new Set(['1', 'true', 'y', 'yes', '是']);
const NO = new Set(['0', 'false', 'n', 'no', '否']);

/** Whatever stands there, also nothing. */
export const anything = z.unknown().optional();

/** `"1"`, `1`, `true` and their opposites; null for anything else. */
export const flag = anything.transform((value): boolean | null => {
  const word =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : '';
  const plain = String(word).trim().toLowerCase();
  if (YES.has(plain)) return true;
  return NO.has(plain) ? false : null;
});

/** A list that may be missing, null, or one thing alone. */
export const listOf = <S extends z.ZodType>(entry: S) => anything.transform(toList).pipe(z.array(entry));

const tokenSchema = z
  .object({
    access_token: z.string().optional(),
    token: z.string().optional(),
    token_type: z.string().nullish(),
    expires_in: z.union([z.string(), z.number()]).nullish(),
  })
  .transform(({ access_token, token, token_type, expires_in }, context) => {
    const accessToken = (access_token ?? token ?? '').trim();
    // It goes into a header as it is.
    if (!/^[\x21-\x7e]+$/.test(accessToken)) context.addIssue({ code: 'custom', path: ['access_token'] });
    const seconds = Number(expires_in ?? Number.NaN);
    return {
      accessToken,
      tokenType: token_type?.trim() ? token_type.trim() : null,
      expiresInSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_TOKEN_SECONDS,
    };
  });

const DEFAULT_TOKEN_SECONDS = 3600;

/** A token in any of its shapes (1.1, 2.1): bare or under `data`, `token` or `access_token`. */
export const readToken = (answer: Answer, context: ReadContext): z.output<typeof tokenSchema> =>
  readAs(tokenSchema, openAnswer(answer, context).data, context);
