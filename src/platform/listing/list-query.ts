import { LOCALES } from '../locale';
import { type Filter, type FilterRules, readFilters } from './filters';
import { type Paging, readPaging, type Sort } from './paging';
import { Problems } from './problems';
import { readSelection, type RelationRules, type Selection } from './selection';
import { readList } from './values';

/** What one resource allows to be asked of its list. */
export interface ListRules extends FilterRules {
  sort: readonly string[];
  defaultSort: readonly string[];
  /** Further query parameters the resource reads itself, e.g. `search`. */
  extra?: readonly string[];
  fields?: readonly string[];
  populate?: RelationRules;
}

/** A list request that was checked against what the resource allows. */
export interface ListQuery extends Selection {
  filters: Filter[];
  sort: Sort[];
  paging: Paging;
  locale?: string;
}

const KNOWN_PARAMETERS = new Set(['filters', 'sort', 'pagination', 'fields', 'populate', 'locale']);

function readSort(value: unknown, rules: ListRules, problems: Problems): Sort[] {
  const entries = value === undefined ? [...rules.defaultSort] : readList(value);
  return entries.flatMap((entry, index): Sort[] => {
    const [field = '', direction = 'asc', ...rest] = entry.split(':');
    const isKnown =
      rules.sort.includes(field) || rules.defaultSort.some((known) => known.split(':')[0] === field);
    if (!isKnown || rest.length > 0 || !/^(asc|desc)$/i.test(direction)) {
      problems.add(['sort'], `can be ${rules.sort.join(', ')} with :asc or :desc`);
      return [];
    }
    const earlier = entries.slice(0, index).some((other) => other.split(':')[0] === field);
    if (earlier) problems.add(['sort'], `names ${field} twice`);
    return [{ field, direction: direction.toLowerCase() as Sort['direction'] }];
  });
}

function readLocale(value: unknown, problems: Problems): string | undefined {
  if (value === undefined) return undefined;
  const known = LOCALES.find((locale) => locale === value);
  if (known !== undefined) return known;
  problems.add(['locale'], `must be one of ${LOCALES.join(', ')}`);
  return undefined;
}

/**
 * Checks a list's query against what its resource allows, in Strapi's own grammar (filters, sort, pagination, fields,
 * populate, locale). Throws VALIDATION_FAILED for unknown parameters, fields, operators and values.
 */
export function readListQuery(queryParameters: Record<string, unknown>, rules: ListRules): ListQuery {
  const problems = new Problems();
  for (const name of Object.keys(queryParameters)) {
    if (!KNOWN_PARAMETERS.has(name) && !(rules.extra ?? []).includes(name))
      problems.add([name], 'is not a known parameter');
  }
  const sort = readSort(queryParameters.sort, rules, problems);
  const result: ListQuery = {
    filters: readFilters(queryParameters.filters, rules, problems),
    sort,
    paging: readPaging(queryParameters.pagination, sort, problems),
    ...readSelection(queryParameters, rules, problems),
    locale: readLocale(queryParameters.locale, problems),
  };
  problems.throwIfAny();
  return result;
}
