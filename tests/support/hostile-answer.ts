import type { RefusalCode } from '../../src/domain/refusal';
import { REFUSAL_FACES } from '../../src/platform/errors/refusal-table';
import { type HostileAnswer, type HostileRequest, inBatches, type Send } from './hostile-client';

/** What a stranger must never read: how the server is built, what its database said, where it lives. */
const TALKATIVE =
  /node_modules|\.js:\d|\.ts:\d|\bat [\w.<>]+ \(|\/(?:work|home|tmp|usr|var|root)\/|\bselect\b.+\bfrom\b|\binsert into\b|\bsqlite|\bpostgres|\bknex\b|SQLSTATE|syntax error|relation "|column "|duplicate key|violates|TypeError|RangeError|ReferenceError|SyntaxError|Cannot read|is not a function|ECONN|\[native code\]|heap/i;
/** Values nobody may read, whoever asks: a password hash, a supplier's code, a cost price. */
const SECRET = /\$2[aby]\$|SECRETCODE|1234\.56/;
/** Names that no answer has; a refusal may repeat what it was asked. */
const SECRET_NAME =
  /"(?:password|openId|unionId|sessionKey|requestHash|payerOpenId|supplyPrice|invoicePrice|marketPrice|stockRebate|rebateMoney|productCode)":/;
const MAX_REFUSAL_BYTES = 16 * 1024;

const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

interface Refused {
  data: null;
  error: {
    status: number;
    name: string;
    message: string;
    details: { code: RefusalCode; requestId: string; errors?: { path: unknown[]; message: string }[] };
  };
}

const isRefusal = (value: unknown): value is Refused =>
  typeof (value as Refused | undefined)?.error?.details?.code === 'string' &&
  (value as Refused).data === null;

/** The code of a refusal, or undefined for any other answer. */
export function codeOf(answer: HostileAnswer): RefusalCode | undefined {
  const body = bodyOf(answer.text);
  return isRefusal(body) ? body.error.details.code : undefined;
}

export interface Expected {
  codes: RefusalCode[];
  /** A refusal for a field names it in one of its paths. */
  field?: string | number;
}

/** What is wrong with an answer that should be a refusal, in words; empty when it is as it must be. */
export function problemsOf(answer: HostileAnswer, { codes, field }: Expected): string[] {
  const body = bodyOf(answer.text);
  if (!isRefusal(body)) return [`${answer.status} is no refusal: ${answer.text.slice(0, 200)}`];
  const { status, name, message, details } = body.error;
  const face = REFUSAL_FACES[details.code];
  const problems: string[] = [];
  if (!codes.includes(details.code))
    problems.push(
      `${answer.status} ${details.code} instead of ${codes.join(' or ')}: ${answer.text.slice(0, 300)}`,
    );
  if (face === undefined || answer.status !== face.status || status !== face.status)
    problems.push(`status ${answer.status} with ${details.code}`);
  if (name === '' || message === '' || typeof message !== 'string') problems.push('no name or message');
  if (details.requestId === undefined || details.requestId !== answer.headers['x-request-id'])
    problems.push('requestId is not X-Request-Id');
  if (answer.text.length > MAX_REFUSAL_BYTES) problems.push(`a refusal of ${answer.text.length} bytes`);
  const talk = TALKATIVE.exec(answer.text) ?? SECRET.exec(answer.text);
  if (talk !== null) problems.push(`says too much: ${talk[0]}`);
  // What zod and the doors say in English is for those who ask in English.
  for (const { message: words } of details.errors ?? [])
    if (!/\p{Script=Han}/u.test(words) || words.includes('内容不正确（'))
      problems.push(`not in Chinese: ${words}`);
  if (
    field !== undefined &&
    details.code === 'VALIDATION_FAILED' &&
    !(details.errors ?? []).some(({ path }) => path.includes(field))
  ) {
    problems.push(`does not name ${field}: ${JSON.stringify(details.errors).slice(0, 200)}`);
  }
  return problems;
}

/** What is wrong with an answer that may be a success: it must not be a defect and must not tell secrets. */
export function leaksOf(answer: HostileAnswer): string[] {
  if (answer.status >= 500) return [`${answer.status}: ${answer.text.slice(0, 200)}`];
  const found = SECRET.exec(answer.text) ?? SECRET_NAME.exec(answer.text);
  return found === null ? [] : [`tells ${found[0]}`];
}

export interface Attack extends Expected {
  name: string;
  request: HostileRequest;
}

/** Sends every attack and returns what was wrong with the answers, one line each. */
export async function attackAll(send: Send, attacks: readonly Attack[], parallel = 8): Promise<string[]> {
  const found = await inBatches(
    attacks,
    async ({ name, request, ...expected }) => {
      const answer = await send(request).catch((error: Error) => ({
        status: 0,
        headers: {},
        text: `no answer: ${error.message}`,
      }));
      return problemsOf(answer, expected).map((problem) => `${name}: ${problem}`);
    },
    parallel,
  );
  return found.flat();
}

/** What is wrong with an answer of the panel's server, which keeps Strapi's own words for staff. */
export function defectsOf(answer: HostileAnswer): string[] {
  if (answer.status < 400) return [];
  if (answer.status >= 500) return [`${answer.status}: ${answer.text.slice(0, 200)}`];
  const body = bodyOf(answer.text);
  if (!isRefusal(body)) return [`${answer.status} in another shape: ${answer.text.slice(0, 200)}`];
  const { details, status } = body.error;
  const talk = TALKATIVE.exec(answer.text) ?? SECRET.exec(answer.text);
  return [
    ...(status === answer.status ? [] : [`status ${answer.status} says ${status}`]),
    ...(details.requestId === answer.headers['x-request-id'] ? [] : ['requestId is not X-Request-Id']),
    ...(talk === null ? [] : [`says too much: ${talk[0]} in ${answer.text.slice(0, 200)}`]),
    ...(answer.text.length > MAX_REFUSAL_BYTES ? [`a refusal of ${answer.text.length} bytes`] : []),
  ];
}
