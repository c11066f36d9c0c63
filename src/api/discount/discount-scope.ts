/**
 * What holds for every write of a discount. What it covers and whom it is for is stated, never concluded from what it
 * happens to name: links disappear with the product, category or shopper they point at, and a discount for one must
 * not become one for everybody.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

import { MAX_AMOUNT_FEN, readFen } from '../../domain/money';
import type { Sentence } from '../../domain/refusal';
import { query } from '../../platform/database';
import { panelRefusal } from '../../platform/errors';
import { namesTargets } from '../../platform/relation-input';
import { isTrue } from '../product/product-rows';
import { DISCOUNT_UID } from './discount-rules';

type Data = Record<string, unknown>;

interface SavedDiscount {
  kind: 'amount' | 'percent';
  value: number | string;
  applies_to: 'all' | 'selected';
  audience: 'everyone' | 'selected';
  is_active: boolean | number | null;
  starts_at: Date | number | null;
  ends_at: Date | number | null;
  products: number | string;
  categories: number | string;
  users: number | string;
}

const SENTENCES = {
  places: {
    zh: '优惠值必须是不小于 0、不大于 99999999.99 的数，最多两位小数',
    en: 'The value must be from 0 to 99999999.99 with at most two decimal places',
  },
  percent: { zh: '折扣不能超过 100（%）', en: 'A percentage is at most 100' },
  dates: { zh: '结束时间必须晚于开始时间', en: 'It must end after it starts' },
  nothingSelected: {
    zh: '适用范围是“指定”，请至少选择一个商品或分类（指定商品或分类）',
    en: 'It is for selected products: choose at least one product or category',
  },
  selectedForAll: {
    zh: '已选择商品或分类，请把适用范围改为“指定商品或分类”，或清空选择',
    en: 'Products or categories are chosen: set it to selected ones, or remove them',
  },
  nobodySelected: {
    zh: '适用对象是“指定顾客”，请至少选择一位顾客',
    en: 'It is for selected shoppers: choose at least one',
  },
  selectedForEveryone: {
    zh: '已选择顾客，请把适用对象改为“指定顾客”，或清空选择',
    en: 'Shoppers are chosen: set it to selected ones, or remove them',
  },
} satisfies Record<string, Sentence>;

const links = (connection: Knex, name: 'products' | 'categories' | 'users'): Knex.QueryBuilder =>
  connection(`discounts_${name}_lnk`).whereRaw('discount_id = discounts.id').count('*');

async function readSaved(connection: Knex, documentId: string): Promise<SavedDiscount | undefined> {
  const [row] = (await connection('discounts')
    .where('document_id', documentId)
    .select(
      'discounts.*',
      links(connection, 'products').as('products'),
      links(connection, 'categories').as('categories'),
      links(connection, 'users').as('users'),
    )) as SavedDiscount[];
  return row;
}

function checkScope(discount: SavedDiscount): void {
  const namesGoods = Number(discount.products) + Number(discount.categories) > 0;
  const namesUsers = Number(discount.users) > 0;
  const isForSelected = discount.applies_to === 'selected';
  if (isForSelected && !namesGoods) throw panelRefusal(SENTENCES.nothingSelected, 'products');
  if (!isForSelected && namesGoods) throw panelRefusal(SENTENCES.selectedForAll, 'appliesTo');
  const isForSome = discount.audience === 'selected';
  if (isForSome && !namesUsers) throw panelRefusal(SENTENCES.nobodySelected, 'users');
  if (!isForSome && namesUsers) throw panelRefusal(SENTENCES.selectedForEveryone, 'audience');
}

function checkSaved(discount: SavedDiscount): void {
  const { kind, value, starts_at: starts, ends_at: ends } = discount;
  if (kind === 'percent' && Number(value) > 100) throw panelRefusal(SENTENCES.percent, 'value');
  if (starts !== null && ends !== null && new Date(starts) >= new Date(ends))
    throw panelRefusal(SENTENCES.dates, 'endsAt');
  // One that is off may name nothing: else staff could not even switch it off once its last product is deleted.
  if (isTrue(discount.is_active)) checkScope(discount);
}

/** PostgreSQL would round a third place without a word. */
function checkValue({ value }: Data): void {
  if (typeof value !== 'number') return; // anything else is refused by Strapi's own validation
  const fen = readFen(value);
  if (fen === undefined || fen < 0 || fen > MAX_AMOUNT_FEN) throw panelRefusal(SENTENCES.places, 'value');
}

/** A new discount that states no scope has the one its links tell. */
function stateScope(data: Data): void {
  data.appliesTo ??= namesTargets(data.products) || namesTargets(data.categories) ? 'selected' : 'all';
  data.audience ??= namesTargets(data.users) ? 'selected' : 'everyone';
}

/** Keeps the rules of discounts at every write through Strapi's documents. */
export function guardDiscountWrites(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { action } = context;
    if (context.uid !== DISCOUNT_UID || (action !== 'create' && action !== 'update' && action !== 'clone'))
      return next();
    // The three actions share these parameters; their types are those of one content type, known only at run time here.
    const params = context.params as { documentId?: string; data?: Data };
    const data: Data = { ...params.data };
    checkValue(data);
    if (action === 'create') stateScope(data);
    params.data = data;
    // Judged as it would stand: what a form adds to the links and takes from them is known only once it is written.
    return strapi.db.transaction(async ({ trx }) => {
      const result = await next();
      const documentId = (result as { documentId?: string } | null)?.documentId;
      const saved = documentId === undefined ? undefined : await readSaved(trx, documentId);
      if (saved !== undefined) checkSaved(saved);
      return result;
    });
  });
}

/**
 * Gives rows from before scopes were stated the one they had then: with links, selected; without, all. Safe to run in
 * several processes and again.
 */
export async function stateDiscountScopes(): Promise<void> {
  const named = (...tables: string[]): string =>
    tables.map((table) => `exists (select 1 from ${table} where discount_id = discounts.id)`).join(' or ');
  const { connection } = strapi.db;
  await query(DISCOUNT_UID)
    .whereNull('applies_to')
    .update({
      applies_to: connection.raw(
        `case when ${named('discounts_products_lnk', 'discounts_categories_lnk')} then 'selected' else 'all' end`,
      ),
    });
  await query(DISCOUNT_UID)
    .whereNull('audience')
    .update({
      audience: connection.raw(
        `case when ${named('discounts_users_lnk')} then 'selected' else 'everyone' end`,
      ),
    });
}
