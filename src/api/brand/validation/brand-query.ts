import { type ListQuery, type ListRules, readListQuery, readOneQuery } from '../../../platform/listing';
import { type Locale, readLocaleParameter } from '../../../platform/locale';

export const BRAND_PARTS = [
  'name',
  'description',
  'order',
  'logo',
  'createdAt',
  'updatedAt',
  'locale',
] as const;
export type BrandPart = (typeof BRAND_PARTS)[number];

const RULES: ListRules = {
  filters: { documentId: 'documentId', name: 'text' },
  sort: ['order', 'name', 'createdAt'],
  defaultSort: ['order:asc', 'name:asc'],
  fields: BRAND_PARTS.filter((part) => part !== 'logo'),
  populate: ['logo'],
};

export interface BrandRequest {
  locale: Locale;
  parts: readonly BrandPart[];
}

export interface BrandListRequest extends BrandRequest {
  list: ListQuery;
}

/** As in Strapi, `fields` alone leaves the picture out. Without either, the answer has everything. */
function readParts({ fields, populate }: Pick<ListQuery, 'fields' | 'populate'>): readonly BrandPart[] {
  return BRAND_PARTS.filter((part) =>
    part === 'logo' ? (populate?.includes(part) ?? fields === undefined) : (fields?.includes(part) ?? true),
  );
}

/** The query of the brand list. Throws VALIDATION_FAILED for anything it does not know. */
export function readBrandListRequest(query: Record<string, unknown>): BrandListRequest {
  const list = readListQuery(query, RULES);
  return { list, locale: readLocaleParameter(list.locale), parts: readParts(list) };
}

/** The query of one brand. Throws VALIDATION_FAILED for anything it does not know. */
export function readBrandRequest(query: Record<string, unknown>): BrandRequest {
  const one = readOneQuery(query, RULES);
  return { locale: readLocaleParameter(one.locale), parts: readParts(one) };
}
