/** A word of the panel in both languages. */
export type Label = readonly [zh: string, en: string];

/** A field's name and, where it needs one, the sentence below its input. */
export interface FieldLabel {
  label: Label;
  hint?: Label;
}

export type FieldLabels = Readonly<Record<string, FieldLabel>>;

export const field = (zh: string, en: string, hintZh?: string, hintEn?: string): FieldLabel => ({
  label: [zh, en],
  ...(hintZh !== undefined && hintEn !== undefined ? { hint: [hintZh, hintEn] as const } : {}),
});

/** What Strapi adds to every type. */
export const COMMON_FIELDS: FieldLabels = {
  id: field('编号', 'Id'),
  documentId: field('文档编号', 'Document id'),
  createdAt: field('创建时间', 'Created'),
  updatedAt: field('更新时间', 'Updated'),
  createdBy: field('创建人', 'Created by'),
  updatedBy: field('更新人', 'Updated by'),
  locale: field('语言', 'Language'),
};
