import { validationFailed } from '../../domain/refusal';
import { type ListQuery, type ListRules, readListQuery } from './list-query';
import type { Selection } from './selection';

/** What a request for one document may ask: its fields, relations and language. */
export type OneQuery = Selection & Pick<ListQuery, 'locale'>;

const LIST_ONLY = ['filters', 'sort', 'pagination'];

/** Checks the query of a request for one document. Throws VALIDATION_FAILED as `readListQuery` does. */
export function readOneQuery(
  queryParameters: Record<string, unknown>,
  rules: Pick<ListRules, 'fields' | 'populate' | 'extra'>,
): OneQuery {
  const problems = Object.keys(queryParameters)
    .filter((name) => LIST_ONLY.includes(name))
    .map((name) => ({ path: [name], message: 'is not a known parameter' }));
  if (problems.length > 0) throw validationFailed(problems);
  const { fields, populate, nested, locale } = readListQuery(queryParameters, {
    ...rules,
    filters: {},
    sort: [],
    defaultSort: [],
  });
  return { fields, populate, nested, locale };
}
