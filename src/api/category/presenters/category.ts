import type { Locale } from '../../../platform/locale';
import type { Picture } from '../../../platform/pictures';
import { isoTime } from '../../../platform/request';
import type { CategoryLevel, CategoryRow } from '../category-rows';
import type { CategoryPart } from '../validation/category-query';

/** A category as shoppers see it. */
export interface PresentedCategory {
  documentId: string;
  name?: string;
  level?: CategoryLevel;
  order?: number;
  logo?: Picture | null;
  parent?: { documentId: string; name: string } | null;
  createdAt?: string | null;
  updatedAt?: string | null;
  locale?: string;
}

/** A category with everything below it. */
export interface CategoryNode {
  documentId: string;
  name: string;
  level: CategoryLevel;
  order: number;
  logo: Picture | null;
  children: CategoryNode[];
}

/** The parts of a category that were asked for; its documentId always. */
export function presentCategory(
  row: CategoryRow,
  { logo, locale, parts }: { logo: Picture | null; locale: Locale; parts: readonly CategoryPart[] },
): PresentedCategory {
  const all = {
    name: row.name,
    level: row.level,
    order: row.order ?? 0,
    logo,
    parent:
      row.parent_document_id === null
        ? null
        : { documentId: row.parent_document_id, name: row.parent_name ?? '' },
    createdAt: isoTime(new Date(row.created_at)),
    updatedAt: isoTime(new Date(row.updated_at)),
    locale,
  };
  return { documentId: row.document_id, ...Object.fromEntries(parts.map((part) => [part, all[part]])) };
}

/** The tree of rows that come in the order in which siblings are shown. A row whose parent is missing is left out. */
export function presentTree(
  rows: CategoryRow[],
  logoOf: (row: CategoryRow) => Picture | null,
): CategoryNode[] {
  const nodes = new Map<string, CategoryNode>();
  for (const row of rows) {
    nodes.set(row.document_id, {
      documentId: row.document_id,
      name: row.name,
      level: row.level,
      order: row.order ?? 0,
      logo: logoOf(row),
      children: [],
    });
  }
  const roots: CategoryNode[] = [];
  for (const row of rows) {
    const node = nodes.get(row.document_id);
    if (node === undefined) continue;
    if (row.parent_document_id !== null) nodes.get(row.parent_document_id)?.children.push(node);
    else if (row.level === 'major') roots.push(node);
  }
  return roots;
}
