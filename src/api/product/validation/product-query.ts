import { z } from 'zod';

import { type FieldProblem, validationFailed } from '../../../domain/refusal';
import {
  type Condition,
  isCondition,
  type ListQuery,
  type ListRules,
  type OneQuery,
  readListQuery,
  readOneQuery,
} from '../../../platform/listing';
import { type Locale, readLocaleParameter } from '../../../platform/locale';
import { parseValue } from '../../../platform/request';

export const PRODUCT_FIELDS = [
  'name',
  'description',
  'price',
  'displayPrice',
  'source',
  'productModel',
  'productGroup',
  'specifications',
  'isActive',
  'isSales',
  'noSalesReason',
  'isAvailable',
  'stock',
  'salesCount',
  'viewCount',
  'createdAt',
  'updatedAt',
  'locale',
] as const;
export type ProductField = (typeof PRODUCT_FIELDS)[number];

export const PRODUCT_RELATIONS = ['category', 'brand', 'mainImages', 'detailImages'] as const;
export type ProductRelation = (typeof PRODUCT_RELATIONS)[number];

const PICTURE_FIELDS = ['url', 'width', 'height', 'alternativeText', 'formats'];
/** What each relation shows. */
const RELATION_FIELDS: Record<ProductRelation, readonly string[]> = {
  category: ['name'],
  brand: ['name', 'logo'],
  mainImages: PICTURE_FIELDS,
  detailImages: PICTURE_FIELDS,
};

/** Which parts of a product an answer has. */
export interface ProductSelection {
  fields: ReadonlySet<ProductField>;
  relations: ReadonlySet<ProductRelation>;
  /** Relations of which only these fields are wanted. */
  nested?: ReadonlyMap<string, readonly string[]>;
}

const CARD_FIELDS = PRODUCT_FIELDS.filter((field) => field !== 'description');
const CARD_RELATIONS = PRODUCT_RELATIONS.filter((relation) => relation !== 'detailImages');

/** What a product looks like in a list. */
export const CARD: ProductSelection = { fields: new Set(CARD_FIELDS), relations: new Set(CARD_RELATIONS) };
/** What a product looks like on its own page. */
export const DETAIL: ProductSelection = {
  fields: new Set(PRODUCT_FIELDS),
  relations: new Set(PRODUCT_RELATIONS),
};

const LIST_RULES: ListRules = {
  filters: {
    documentId: 'documentId',
    category: 'documentId',
    'category.documentId': 'documentId',
    brand: 'documentId',
    'brand.documentId': 'documentId',
    source: 'exact',
    productModel: 'text',
    price: 'number',
    inStock: 'boolean',
  },
  // Looked up in other tables, and a category with everything below it.
  standalone: ['category', 'category.documentId', 'brand', 'brand.documentId', 'inStock'],
  sort: ['price', 'salesCount', 'createdAt'],
  defaultSort: ['createdAt:desc'],
  extra: ['search'],
  fields: PRODUCT_FIELDS,
  populate: RELATION_FIELDS,
};

/**
 * As in Strapi, `fields` names the values wanted and `populate` the relations: naming fields alone leaves the relations
 * out, naming relations alone leaves the fields as they are. With neither, the answer is what a shopper's page needs.
 */
function readSelection({ fields, populate, nested }: OneQuery, standard: ProductSelection): ProductSelection {
  const none: ReadonlySet<ProductRelation> = new Set();
  return {
    nested,
    fields:
      fields === undefined
        ? standard.fields
        : new Set(PRODUCT_FIELDS.filter((field) => fields.includes(field))),
    relations:
      populate === undefined
        ? fields === undefined
          ? standard.relations
          : none
        : new Set(PRODUCT_RELATIONS.filter((relation) => populate.includes(relation))),
  };
}

export interface ProductListRequest {
  /** Order, page and the filters on the product's own columns. */
  list: ListQuery;
  /** documentIds; a category stands for everything below it. Each list narrows what the ones before it left. */
  categories: string[][];
  brands: string[][];
  inStock?: boolean;
  /** Every one of them must be found. */
  words: string[];
  locale: Locale;
  selection: ProductSelection;
}

const MAX_SEARCH_LENGTH = 100;
const MAX_SEARCH_WORDS = 8;

function readSearch(value: unknown, problems: FieldProblem[]): string[] {
  if (value === undefined) return [];
  const words = typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : undefined;
  if (words !== undefined && String(value).length <= MAX_SEARCH_LENGTH && words.length <= MAX_SEARCH_WORDS)
    return words;
  problems.push({
    path: ['search'],
    message: `must be a text of at most ${MAX_SEARCH_LENGTH} characters and ${MAX_SEARCH_WORDS} words`,
  });
  return [];
}

/** `$eq` and `$in` of a relation; the other operators mean nothing here. */
function readRelated(filters: Condition[], name: string, problems: FieldProblem[]): string[][] {
  return filters
    .filter(({ field }) => field === name || field === `${name}.documentId`)
    .flatMap(({ field, operator, value }) => {
      if (operator === '$eq') return [[String(value)]];
      if (operator === '$in' && Array.isArray(value)) return [value.map(String)];
      problems.push({
        path: ['filters', ...field.split('.'), operator],
        message: 'is not an operator here; use $eq, $in',
      });
      return [];
    });
}

function readInStock(filters: Condition[], problems: FieldProblem[]): boolean | undefined {
  const [filter, another] = filters.filter(({ field }) => field === 'inStock');
  if (filter === undefined) return undefined;
  if (filter.operator === '$eq' && another === undefined) return filter.value === true;
  problems.push({ path: ['filters', 'inStock'], message: 'is $eq true or $eq false' });
  return undefined;
}

const OWN_COLUMNS = new Set(['documentId', 'source', 'productModel', 'price']);

/** The query of a product list. Throws VALIDATION_FAILED for anything it does not know. */
export function readProductListRequest(query: Record<string, unknown>): ProductListRequest {
  const list = readListQuery(query, LIST_RULES);
  const problems: FieldProblem[] = [];
  // Those without a column stand alone: the rules see to it.
  const conditions = list.filters.filter(isCondition);
  const request: ProductListRequest = {
    list: {
      ...list,
      filters: list.filters.filter((filter) => !isCondition(filter) || OWN_COLUMNS.has(filter.field)),
    },
    categories: readRelated(conditions, 'category', problems),
    brands: readRelated(conditions, 'brand', problems),
    inStock: readInStock(conditions, problems),
    words: readSearch(query.search, problems),
    locale: readLocaleParameter(list.locale),
    selection: readSelection(list, CARD),
  };
  if (problems.length > 0) throw validationFailed(problems);
  return request;
}

export interface ProductRequest {
  locale: Locale;
  selection: ProductSelection;
}

/** The query of one product. Throws VALIDATION_FAILED for anything it does not know. */
export function readProductRequest(query: Record<string, unknown>): ProductRequest {
  const one = readOneQuery(query, { fields: PRODUCT_FIELDS, populate: RELATION_FIELDS });
  return { locale: readLocaleParameter(one.locale), selection: readSelection(one, DETAIL) };
}

const DEFAULT_SUGGESTIONS = 10;
const MAX_SUGGESTIONS = 20;

const suggestionQuery = z.object({
  limit: z
    .string()
    .refine(
      (value) => /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_SUGGESTIONS,
      `must be a whole number from 1 to ${MAX_SUGGESTIONS}`,
    )
    .transform(Number)
    .default(DEFAULT_SUGGESTIONS),
});

export interface SuggestionRequest extends ProductRequest {
  limit: number;
}

/** The query of `related` and `recommended`. Throws VALIDATION_FAILED for anything it does not know. */
export function readSuggestionRequest(query: Record<string, unknown>): SuggestionRequest {
  const one = readOneQuery(query, { fields: PRODUCT_FIELDS, populate: RELATION_FIELDS, extra: ['limit'] });
  const { limit } = parseValue(suggestionQuery, query);
  return { locale: readLocaleParameter(one.locale), selection: readSelection(one, CARD), limit };
}

const availabilityQuery = z.strictObject({
  districtCode: z
    .string()
    .regex(/^\d{6}$/, 'must be six digits (GB/T 2260)')
    .optional(),
});

/** The query of `availability`. Throws VALIDATION_FAILED for anything it does not know. */
export const readAvailabilityRequest = (query: Record<string, unknown>): { districtCode?: string } =>
  parseValue(availabilityQuery, query);
