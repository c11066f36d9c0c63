import type { Locale } from '../../../platform/locale';
import type { Picture } from '../../../platform/pictures';
import { isoTime } from '../../../platform/request';
import type { BrandPart } from '../validation/brand-query';

export interface BrandRow {
  id: number;
  document_id: string;
  name: string;
  description: string | null;
  order: number | null;
  created_at: Date | number;
  updated_at: Date | number;
}

/** A brand as shoppers see it. */
export interface PresentedBrand extends Partial<Record<Exclude<BrandPart, 'logo'>, string | number | null>> {
  documentId: string;
  logo?: Picture | null;
}

/** The parts of a brand that were asked for; its documentId always. */
export function presentBrand(
  row: BrandRow,
  { logo, locale, parts }: { logo: Picture | null; locale: Locale; parts: readonly BrandPart[] },
): PresentedBrand {
  const all = {
    name: row.name,
    description: row.description,
    order: row.order ?? 0,
    logo,
    createdAt: isoTime(new Date(row.created_at)),
    updatedAt: isoTime(new Date(row.updated_at)),
    locale,
  };
  return { documentId: row.document_id, ...Object.fromEntries(parts.map((part) => [part, all[part]])) };
}
