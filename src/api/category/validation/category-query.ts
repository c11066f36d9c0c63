import { type ListQuery, type ListRules, readListQuery, readOneQuery } from '../../../platform/listing';
import { type Locale, readLocaleParameter } from '../../../platform/locale';

const FIELDS = ['name', 'level', 'order', 'createdAt', 'updatedAt', 'locale'] as const;
const RELATIONS = ['parent', 'logo'] as const;
export const CATEGORY_PARTS = [...FIELDS, ...RELATIONS] as const;
export type CategoryPart = (typeof CATEGORY_PARTS)[number];

const RULES: ListRules = {
  filters: {
    documentId: 'documentId',
    level: 'text',
    parent: 'documentId',
    'parent.documentId': 'documentId',
  },
  sort: ['order', 'name', 'createdAt'],
  defaultSort: ['order:asc', 'name:asc'],
  fields: FIELDS,
  populate: RELATIONS,
};

export interface CategoryRequest {
  locale: Locale;
  parts: readonly CategoryPart[];
}

export interface CategoryListRequest extends CategoryRequest {
  list: ListQuery;
}

/** As in Strapi, `fields` alone leaves the relations out. Without either, the answer has everything. */
function readParts({ fields, populate }: Pick<ListQuery, 'fields' | 'populate'>): readonly CategoryPart[] {
  const relations = RELATIONS.filter((part) => populate?.includes(part) ?? fields === undefined);
  return [...FIELDS.filter((part) => fields?.includes(part) ?? true), ...relations];
}

/** The query of the category list. Throws VALIDATION_FAILED for anything it does not know. */
export function readCategoryListRequest(query: Record<string, unknown>): CategoryListRequest {
  const list = readListQuery(query, RULES);
  return { list, locale: readLocaleParameter(list.locale), parts: readParts(list) };
}

/** The query of one category. Throws VALIDATION_FAILED for anything it does not know. */
export function readCategoryRequest(query: Record<string, unknown>): CategoryRequest {
  const one = readOneQuery(query, RULES);
  return { locale: readLocaleParameter(one.locale), parts: readParts(one) };
}

/** The query of the tree, which has nothing to choose but the language. */
export const readTreeRequest = (query: Record<string, unknown>): Locale =>
  readLocaleParameter(readOneQuery(query, {}).locale);
