/** What shoppers read of the category tree. */
import type { Knex } from 'knex';

import { notFound } from '../../../domain/refusal';
import { query } from '../../../platform/database';
import { runList } from '../../../platform/listing';
import { DEFAULT_LOCALE, type Locale } from '../../../platform/locale';
import { type Picture, readPictures } from '../../../platform/pictures';
import { isDocumentId, type Pagination } from '../../../platform/request';
import { CATEGORY_UID, type CategoryRow } from '../category-rows';
import {
  type CategoryNode,
  presentCategory,
  type PresentedCategory,
  presentTree,
} from '../presenters/category';
import type { CategoryListRequest, CategoryRequest } from '../validation/category-query';

/**
 * Categories with their parents: order, level and place from the default language's row, names from the row of the
 * language. `missing`: what becomes of a category nobody translated; lists leave it out, as Strapi does, the tree shows
 * its name in the default language, for a branch that is not there takes its products with it.
 */
function categories(locale: Locale, missing: 'leave-out' | 'show'): Knex.QueryBuilder {
  const { connection } = strapi.db;
  const join = missing === 'show' ? 'leftJoin' : 'join';
  return query(CATEGORY_UID)
    [join]('categories as translation', (on: Knex.JoinClause) =>
      on.on('translation.document_id', 'categories.document_id').andOnVal('translation.locale', locale),
    )
    .leftJoin('categories_parent_lnk as parent_link', 'parent_link.category_id', 'categories.id')
    .leftJoin('categories as parent', 'parent.id', 'parent_link.inv_category_id')
    .leftJoin('categories as parent_text', (on) =>
      on.on('parent_text.document_id', 'parent.document_id').andOnVal('parent_text.locale', locale),
    )
    .where('categories.locale', DEFAULT_LOCALE)
    .select(
      'categories.id',
      'categories.document_id',
      connection.raw('coalesce(translation.name, categories.name) as name'),
      'categories.order',
      'categories.level',
      'categories.created_at',
      'categories.updated_at',
      'parent.document_id as parent_document_id',
      connection.raw('coalesce(parent_text.name, parent.name) as parent_name'),
    );
}

async function readLogos(rows: CategoryRow[]): Promise<(row: CategoryRow) => Picture | null> {
  const pictures = await readPictures([{ uid: CATEGORY_UID, field: 'logo', ids: rows.map((row) => row.id) }]);
  return (row) => pictures.of(CATEGORY_UID, 'logo', row.id)[0] ?? null;
}

async function present(
  rows: CategoryRow[],
  { locale, parts }: CategoryRequest,
): Promise<PresentedCategory[]> {
  const logoOf = await readLogos(parts.includes('logo') ? rows : []);
  return rows.map((row) => presentCategory(row, { locale, parts, logo: logoOf(row) }));
}

/** One page of categories. */
export async function findCategories(
  request: CategoryListRequest,
): Promise<{ categories: PresentedCategory[]; pagination: Pagination }> {
  const { rows, pagination } = await runList(categories(request.locale, 'leave-out'), request.list, {
    columns: {
      documentId: 'categories.document_id',
      level: 'categories.level',
      parent: 'parent.document_id',
      'parent.documentId': 'parent.document_id',
      order: 'categories.order',
      name: 'translation.name',
      createdAt: 'categories.created_at',
    },
    emptyAs: { order: 0 },
    id: 'categories.id',
  });
  return { categories: await present(rows as unknown as CategoryRow[], request), pagination };
}

/** A category. Throws NOT_FOUND. */
export async function findCategory(documentId: string, request: CategoryRequest): Promise<PresentedCategory> {
  if (!isDocumentId(documentId)) throw notFound();
  const rows = (await categories(request.locale, 'leave-out').where(
    'categories.document_id',
    documentId,
  )) as CategoryRow[];
  const [category] = await present(rows, request);
  if (category === undefined) throw notFound();
  return category;
}

/** The whole tree, siblings by their order and then by name: two statements, whatever its size. */
export async function readCategoryTree(locale: Locale): Promise<CategoryNode[]> {
  const rows = (await categories(locale, 'show')
    // An empty position counts as 0, on both databases.
    .orderByRaw('coalesce(??, 0)', ['categories.order'])
    .orderBy([{ column: 'name' }, { column: 'categories.id' }])) as CategoryRow[];
  return presentTree(rows, await readLogos(rows));
}
