import { InputRenderer, type StrapiApp } from '@strapi/strapi/admin';

import { currentLanguage } from '../language';
import { fieldId, TYPES, valueLabel } from '../labels';
import { Actor, isActor } from './actor';
import { Amount, isAmount } from './amount';
import { withColumnsBeside } from './columns-beside';
import { ShortTime } from './short-time';
import { Value } from './value';

export interface Column {
  name: string;
  label: string | { id: string; defaultMessage: string };
  attribute: { type: string };
  sortable?: boolean;
  cellFormatter?: (row: Record<string, unknown>, column: Column, page: { model: string }) => React.ReactNode;
}
interface ListLayout {
  settings: { displayName?: string };
}
interface Filter {
  name: string;
  label: string | { id: string; defaultMessage: string };
  type?: string;
  options?: { label: string; value: string }[];
  input?: React.ElementType;
}

/** Added by i18n: every type that has languages has both, so the column would say the same in every row. */
const LANGUAGES_COLUMN = 'locales';

/** Hooks are told the layout, not the type; its name in the schema is unique. */
const uidOf = ({ settings }: ListLayout): string | undefined =>
  Object.keys(TYPES).find((uid) => TYPES[uid]?.displayName === settings.displayName);

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function withFormat(uid: string, column: Column): Column {
  const { name, attribute } = column;
  const label = { id: fieldId(uid, name), defaultMessage: name };
  if (attribute.type === 'enumeration') {
    return {
      ...column,
      label,
      // Strapi takes a column called `status` for its own draft status, in the cell and in the sort.
      name: name === 'status' ? 'status.value' : name,
      sortable: name !== 'status' && column.sortable !== false,
      cellFormatter: (row) => <Value uid={uid} field={name} value={text(row[name])} />,
    };
  }
  if (attribute.type === 'datetime') {
    return { ...column, label, cellFormatter: (row) => <ShortTime value={text(row[name])} /> };
  }
  if (isActor(name)) {
    return { ...column, label, cellFormatter: (row) => <Actor value={text(row[name])} /> };
  }
  if (attribute.type === 'decimal' && isAmount(name)) {
    return { ...column, label, cellFormatter: (row) => <Amount value={row[name]} /> };
  }
  return column;
}

function withLabels(uid: string, filter: Filter): Filter {
  const label = { id: fieldId(uid, filter.name), defaultMessage: filter.name };
  if (filter.type !== 'enumeration') return { ...filter, label };
  const language = currentLanguage();
  return {
    ...filter,
    label,
    // Strapi's own input, named: only then does it show the label of the chosen value, not the value.
    input: InputRenderer,
    options: filter.options?.map(({ value }) => ({
      value,
      label: valueLabel(uid, filter.name, value, language),
    })),
  };
}

/** Makes tables readable: values in the reader's language, short times, amounts with two places, named filters. */
export function formatTables(app: StrapiApp): void {
  app.registerHook(
    'Admin/CM/pages/ListView/inject-column-in-table',
    ({ displayedHeaders, layout }: { displayedHeaders: Column[]; layout: ListLayout }) => {
      const uid = uidOf(layout);
      if (uid === undefined) return { displayedHeaders, layout };
      const columns = displayedHeaders.filter(({ name }) => name !== LANGUAGES_COLUMN);
      return {
        displayedHeaders: withColumnsBeside(
          uid,
          columns.map((column) => withFormat(uid, column)),
        ),
        layout,
      };
    },
  );
  app.registerHook(
    'Admin/CM/pages/ListView/inject-in-filters',
    ({ displayedFilters, layout }: { displayedFilters: Filter[]; layout: ListLayout }) => {
      const uid = uidOf(layout);
      if (uid === undefined) return { displayedFilters, layout };
      return { displayedFilters: displayedFilters.map((filter) => withLabels(uid, filter)), layout };
    },
  );
}
