import type { Knex } from 'knex';

import { clock } from '../clock';
import { createDocumentId } from '../document-id';
import { replicaInUse } from './replicas';
import { currentTransaction, type Tx } from './transaction';

interface ColumnMeta {
  attribute: string;
  column: string;
  type: string;
}

interface TableMeta {
  tableName: string;
  columns: ColumnMeta[];
  byAttribute: Map<string, ColumnMeta>;
}

/** What every row of a content type has. Times are `Date`s, in code and in queries. */
export interface BaseRow {
  id: number;
  documentId: string;
  createdAt: Date;
  updatedAt: Date;
}

type Row = Record<string, unknown>;

const cache = new WeakMap<object, TableMeta>();

/** A to-one relation held in a column of its own is the attribute `<name>Id` with the numeric id. */
function readMeta(uid: string): TableMeta {
  const meta = strapi.db.metadata.get(uid);
  const known = cache.get(meta);
  if (known !== undefined) return known;
  const columns: ColumnMeta[] = [];
  for (const [name, attribute] of Object.entries(meta.attributes)) {
    if (attribute.type === 'relation') {
      const { joinColumn, owner } = attribute as { joinColumn?: { name: string }; owner?: boolean };
      if (joinColumn !== undefined && owner === true) {
        columns.push({ attribute: `${name}Id`, column: joinColumn.name, type: 'integer' });
      }
    } else if ('columnName' in attribute && typeof attribute.columnName === 'string') {
      columns.push({ attribute: name, column: attribute.columnName, type: attribute.type });
    }
  }
  const result: TableMeta = {
    tableName: meta.tableName,
    columns,
    byAttribute: new Map(columns.map((column) => [column.attribute, column])),
  };
  cache.set(meta, result);
  return result;
}

function toColumnValue(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (type === 'json') return JSON.stringify(value);
  if (type === 'datetime' && typeof value === 'string') return new Date(value);
  return value;
}

function fromColumnValue(value: unknown, type: string): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'datetime':
      return value instanceof Date ? value : new Date(value as string | number);
    case 'boolean':
      return value === true || value === 1;
    case 'json':
      return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
    case 'decimal':
    case 'float':
    case 'integer':
      return Number(value);
    default:
      return value;
  }
}

/** The table of a content type. */
export const tableName = (uid: string): string => readMeta(uid).tableName;

/** The column of an attribute. Throws when the type has no such column, so a misspelt name never reaches SQL. */
export function columnName(uid: string, attribute: string): string {
  const meta = readMeta(uid).byAttribute.get(attribute);
  if (meta === undefined) throw new Error(`${uid} has no column for ${attribute}`);
  return meta.column;
}

/**
 * Where a statement runs: in `tx`, else in the transaction that is open around the caller. A read beside an open
 * transaction would see another state, and on SQLite wait for ever for its only connection. Reads that may be a little
 * old run on the replica that was chosen for them.
 */
export const connectionFor = (tx?: Tx): Knex =>
  tx ?? currentTransaction() ?? replicaInUse() ?? strapi.db.connection;

/** A query on the table of a content type, inside the transaction that is given or open. Columns are snake_case here. */
export function query(uid: string, tx?: Tx): Knex.QueryBuilder {
  return connectionFor(tx)(readMeta(uid).tableName);
}

/** Attributes to columns. Undefined values are left out. Throws for an attribute the type does not have. */
export function toColumns(uid: string, attributes: Row): Row {
  const { byAttribute } = readMeta(uid);
  const columns: Row = {};
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const meta = byAttribute.get(attribute);
    if (meta === undefined) throw new Error(`${uid} has no column for ${attribute}`);
    columns[meta.column] = toColumnValue(value, meta.type);
  }
  return columns;
}

/** A row as the driver returns it, to attributes: dates, booleans, JSON and decimals the same on both databases. */
export function fromColumns<T>(uid: string, row: Row): T {
  const attributes: Row = {};
  for (const { attribute, column, type } of readMeta(uid).columns) {
    if (column in row) attributes[attribute] = fromColumnValue(row[column], type);
  }
  return attributes as T;
}

/** The rows of a finished query, as attributes. */
export async function fetchRows<T>(uid: string, builder: Knex.QueryBuilder): Promise<T[]> {
  const rows = (await builder) as Row[];
  return rows.map((row) => fromColumns<T>(uid, row));
}

/** The first row of a query, or undefined. */
export async function fetchRow<T>(uid: string, builder: Knex.QueryBuilder): Promise<T | undefined> {
  const [row] = await fetchRows<T>(uid, builder.limit(1));
  return row;
}

/** What Strapi expects on every row, also of types without drafts or languages. */
export function newDocument(): { documentId: string; createdAt: Date; updatedAt: Date; publishedAt: Date } {
  const now = clock.now();
  return { documentId: createDocumentId(), createdAt: now, updatedAt: now, publishedAt: now };
}

/**
 * Inserts rows with one statement and returns them with their numeric ids, in the order given. A row's own
 * `documentId` is kept.
 */
export async function insertRows<T extends Row>(uid: string, tx: Tx, rows: T[]): Promise<(T & BaseRow)[]> {
  if (rows.length === 0) return [];
  const complete = rows.map((row) => ({ ...newDocument(), ...row }));
  const inserted = (await query(uid, tx)
    .insert(complete.map((row) => toColumns(uid, row)))
    .returning(['id', 'document_id'])) as { id: number; document_id: string }[];
  const ids = new Map(inserted.map((row) => [row.document_id, row.id]));
  return complete.map((row) => ({ ...row, id: ids.get(row.documentId) ?? 0 }) as T & BaseRow);
}

/** Inserts one row; see `insertRows`. */
export async function insertRow<T extends Row>(uid: string, tx: Tx, row: T): Promise<T & BaseRow> {
  const [inserted] = await insertRows(uid, tx, [row]);
  if (inserted === undefined) throw new Error(`nothing was inserted into ${uid}`);
  return inserted;
}

/** Sets attributes of the row with this id, and its `updatedAt`. Returns how many rows that were. */
export async function updateRow(uid: string, tx: Tx, id: number, attributes: Row): Promise<number> {
  return query(uid, tx)
    .where('id', id)
    .update(toColumns(uid, { ...attributes, updatedAt: clock.now() }));
}

/** True on PostgreSQL; SQLite has one writer at a time and neither needs nor knows row locks. */
export const isPostgres = (): boolean => strapi.db.dialect.client === 'postgres';
