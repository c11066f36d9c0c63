/** What may be wrong with an answer, whatever was asked. */
import { isApiPath } from '../../../src/platform/http/paths';
import { defectsOf, leaksOf, codeOf, problemsOf } from '../hostile-answer';
import type { HostileAnswer, HostileRequest } from '../hostile-client';

/** Documented for the mini-program: a partner refused or is away. */
const PARTNERS = new Set(['UPSTREAM_FAILED', 'UPSTREAM_UNAVAILABLE']);
/** Those who call back read words of their own. */
const CALL_BACK = /^\/api\/v1\/(?:payments\/notify\/|haier-integration\/callback)/;
const HAN = /\p{Script=Han}/u;

const pathOf = ({ path }: HostileRequest): string => path.split('?')[0] ?? '';
const prefersEnglish = ({ headers }: HostileRequest): boolean => headers?.['Accept-Language'] === 'en';

function inWrongLanguage(request: HostileRequest, { text }: HostileAnswer): string[] {
  const { message } = (JSON.parse(text) as { error: { message: string } }).error;
  const isChinese = HAN.test(message);
  return isChinese === !prefersEnglish(request) ? [] : [`in the wrong language: ${message}`];
}

/** What is wrong, one line each; `secrets` stand in no answer. */
export function judge(request: HostileRequest, answer: HostileAnswer, secrets: readonly string[]): string[] {
  const told = secrets.some((secret) => answer.text.includes(secret))
    ? ['tells a secret of the settings']
    : [];
  const { status, text } = answer;
  if (status === 0) return [`no answer: ${text}`];
  if (request.method === 'HEAD' || text === '') return status >= 500 ? [`${status} without words`] : told;
  if (CALL_BACK.test(pathOf(request))) return status >= 500 ? [`${status}: ${text}`] : told;
  if (status < 400) return [...told, ...(isApiPath(pathOf(request)) ? leaksOf(answer) : [])];
  const code = codeOf(answer);
  if (status >= 500 && !(code !== undefined && PARTNERS.has(code) && status !== 500) && status !== 501)
    return [`${status}: ${text.slice(0, 300)}`];
  if (!isApiPath(pathOf(request))) return [...told, ...(status >= 500 ? [] : defectsOf(answer))];
  if (code === undefined) return [...told, ...problemsOf(answer, { codes: [] })];
  const english = prefersEnglish(request) ? ['not in Chinese'] : [];
  const problems = problemsOf(answer, { codes: [code] }).filter(
    (problem) => !english.some((known) => problem.startsWith(known)),
  );
  return [...told, ...problems, ...inWrongLanguage(request, answer)];
}
