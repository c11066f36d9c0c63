/**
 * The shape of the category tree, kept at every write of a document: a major category has no parent, a minor one stands
 * under a major one, an item under a minor one. Levels only go down, so the tree cannot bite its tail. A category that
 * still holds something cannot be deleted.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

import type { Sentence } from '../../../domain/refusal';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { panelRefusal } from '../../../platform/errors';
import { CATEGORY_UID, type CategoryLevel } from '../category-rows';
import { changesRelation, readRelationInput, type RelationInput } from '../../../platform/relation-input';

const PARENT_LEVEL: Record<CategoryLevel, CategoryLevel | undefined> = {
  major: undefined,
  minor: 'major',
  item: 'minor',
};

const SENTENCES = {
  majorWithParent: { zh: '一级分类不能有上级分类', en: 'A major category has no parent' },
  minorWithoutMajor: {
    zh: '二级分类的上级必须是一级分类',
    en: 'The parent of a minor category must be a major category',
  },
  itemWithoutMinor: {
    zh: '三级分类的上级必须是二级分类',
    en: 'The parent of an item category must be a minor category',
  },
  ownParent: { zh: '分类不能作为自己的上级', en: 'A category cannot be its own parent' },
  unknownParent: { zh: '上级分类不存在', en: 'The parent category does not exist' },
  levelWithChildren: {
    zh: '该分类下还有子分类，不能更改级别，请先移走子分类',
    en: 'The level of a category with subcategories cannot be changed; move them first',
  },
  childrenFromParent: {
    zh: '请在子分类中设置“上级分类”，不能从上级分类中添加或移除子分类',
    en: 'Set the parent on the subcategory itself; subcategories cannot be added or removed here',
  },
  hasChildren: {
    zh: '该分类下还有子分类，不能删除',
    en: 'This category has subcategories and cannot be deleted',
  },
  hasProducts: { zh: '该分类下还有商品，不能删除', en: 'This category has products and cannot be deleted' },
} satisfies Record<string, Sentence>;

const WITHOUT_PARENT: Record<CategoryLevel, Sentence> = {
  major: SENTENCES.majorWithParent,
  minor: SENTENCES.minorWithoutMajor,
  item: SENTENCES.itemWithoutMinor,
};

interface Position {
  documentId: string;
  level: CategoryLevel;
  parentDocumentId: string | null;
}

const positions = (connection: Knex): Knex.QueryBuilder =>
  connection('categories')
    .leftJoin('categories_parent_lnk as parent_link', 'parent_link.category_id', 'categories.id')
    .leftJoin('categories as parent', 'parent.id', 'parent_link.inv_category_id')
    .where('categories.locale', DEFAULT_LOCALE)
    .select(
      'categories.document_id as documentId',
      'categories.level',
      'parent.document_id as parentDocumentId',
    );

async function readPosition(connection: Knex, documentId: string): Promise<Position | undefined> {
  const [position] = (await positions(connection).where('categories.document_id', documentId)) as Position[];
  return position;
}

async function resolveParent(connection: Knex, input: RelationInput & { kind: 'to' }): Promise<Position> {
  const { documentId, id } = input;
  // A row of any language names its document.
  const named = connection('categories').where(
    documentId === undefined ? { id } : { document_id: documentId },
  );
  const [position] = (await positions(connection).whereIn(
    'categories.document_id',
    named.select('document_id'),
  )) as Position[];
  if (position === undefined) throw panelRefusal(SENTENCES.unknownParent, 'parent');
  return position;
}

async function countChildren(connection: Knex, documentId: string): Promise<number> {
  const [row] = (await positions(connection)
    .clearSelect()
    .where('parent.document_id', documentId)
    .count({ total: '*' })) as {
    total: number | string;
  }[];
  return Number(row?.total ?? 0);
}

async function countProducts(connection: Knex, documentId: string): Promise<number> {
  const [row] = (await connection('products_category_lnk as link')
    .join('products', 'products.id', 'link.product_id')
    .join('categories', 'categories.id', 'link.category_id')
    .where({ 'categories.document_id': documentId, 'products.locale': DEFAULT_LOCALE })
    .count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0);
}

const isLevel = (value: unknown): value is CategoryLevel =>
  typeof value === 'string' && value in PARENT_LEVEL;

interface CategoryWrite {
  documentId?: string;
  data: Record<string, unknown>;
}

/** Checks what a category would be after the write. Throws a ValidationError with a sentence for staff. */
async function checkWrite(connection: Knex, { documentId, data }: CategoryWrite): Promise<void> {
  if (changesRelation(data.children)) throw panelRefusal(SENTENCES.childrenFromParent, 'children');
  const current = documentId === undefined ? undefined : await readPosition(connection, documentId);
  // Anything else than a level is refused by Strapi's own validation, with its own words.
  if (data.level !== undefined && data.level !== null && !isLevel(data.level)) return;
  const level = isLevel(data.level) ? data.level : (current?.level ?? 'major');
  const input = readRelationInput(data.parent);
  if (
    current !== undefined &&
    level !== current.level &&
    (await countChildren(connection, current.documentId)) > 0
  ) {
    throw panelRefusal(SENTENCES.levelWithChildren, 'level');
  }
  const parent =
    input.kind === 'to'
      ? await resolveParent(connection, input)
      : input.kind === 'unchanged' && current?.parentDocumentId != null
        ? await readPosition(connection, current.parentDocumentId)
        : undefined;
  if (parent !== undefined && parent.documentId === documentId)
    throw panelRefusal(SENTENCES.ownParent, 'parent');
  if (parent?.level !== PARENT_LEVEL[level]) throw panelRefusal(WITHOUT_PARENT[level], 'parent');
}

async function checkDelete(connection: Knex, documentId: string): Promise<void> {
  if ((await countChildren(connection, documentId)) > 0) throw panelRefusal(SENTENCES.hasChildren);
  if ((await countProducts(connection, documentId)) > 0) throw panelRefusal(SENTENCES.hasProducts);
}

/** True when the delete takes the row the catalogue is read from, not just a translation. */
function deletesDefaultRow(locale: unknown): boolean {
  if (locale === undefined || locale === null || locale === '') return true;
  return (Array.isArray(locale) ? locale : [locale]).some(
    (entry) => entry === '*' || entry === DEFAULT_LOCALE,
  );
}

/** Keeps the tree's rules at every write through Strapi's documents: panel, REST and code alike. */
export function guardCategoryTree(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    if (context.uid !== CATEGORY_UID) return next();
    // Every action has its own type of parameters; what is read here exists in all of them or is undefined.
    const params = context.params as {
      documentId?: string;
      data?: Record<string, unknown>;
      locale?: unknown;
    };
    if (context.action === 'create' || context.action === 'update' || context.action === 'clone') {
      const documentId = context.action === 'create' ? undefined : params.documentId;
      return inOneStep(strapi, documentId, async (connection) => {
        await checkWrite(connection, { documentId, data: params.data ?? {} });
        return next();
      });
    }
    if (context.action === 'delete' && params.documentId !== undefined && deletesDefaultRow(params.locale)) {
      const { documentId } = params;
      return inOneStep(strapi, documentId, async (connection) => {
        await checkDelete(connection, documentId);
        return next();
      });
    }
    return next();
  });
}

/**
 * Check and write in one transaction that holds the category's rows. Whoever links a product or a subcategory to it
 * must share a lock on its row (the foreign key sees to that), so nothing is put under it between the two.
 * Not `inTransaction`: a write that Strapi has begun cannot be tried again.
 */
async function inOneStep<T>(
  strapi: Core.Strapi,
  documentId: string | undefined,
  work: (connection: Knex) => Promise<T>,
): Promise<T> {
  return strapi.db.transaction(async ({ trx }) => {
    // Without a document there is nothing to hold.
    if (documentId !== undefined)
      await trx('categories').where('document_id', documentId).forUpdate().select('id');
    return work(trx);
  }) as Promise<T>;
}
