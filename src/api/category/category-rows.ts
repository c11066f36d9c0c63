export const CATEGORY_UID = 'api::category.category';

export const CATEGORY_LEVELS = ['major', 'minor', 'item'] as const;
export type CategoryLevel = (typeof CATEGORY_LEVELS)[number];

/** A category as the catalogue reads it: order, level and place from the default language's row. */
export interface CategoryRow {
  id: number;
  document_id: string;
  name: string;
  order: number | null;
  level: CategoryLevel;
  created_at: Date | number;
  updated_at: Date | number;
  parent_document_id: string | null;
  parent_name: string | null;
}
