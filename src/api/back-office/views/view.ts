/** How one type looks in the content manager: its table and its form. */
export interface View {
  /** The field that names a row wherever another one points at it. */
  mainField: string;
  sortBy: string;
  order?: 'ASC' | 'DESC';
  pageSize?: number;
  /** Columns of the table, left to right. */
  list: readonly string[];
  /** Rows of the form; a name with its width in twelfths. */
  edit: readonly (readonly [name: string, size: number][])[];
  /** Which field of the other type a relation shows. */
  relations?: Readonly<Record<string, string>>;
  /** Shown, but not taken from the form. */
  locked?: readonly string[];
  /** Boxes for bulk actions; off where there is nothing to do to many rows at once. */
  bulkable?: boolean;
}
