/**
 * Mends counters, and nothing else: the figures of an inventory item from its ledger, the number sold from the paid
 * orders. Safe while the shop sells: whoever moves a counter holds its row until the ledger row is committed too, so
 * once we hold it, every row that counts is there to be summed.
 */
import { createId } from '@paralleldrive/cuid2';
import type { Knex } from 'knex';

import { RULES } from './rules';
import { dialectOf } from './rules/rule';
import { REPAIR_OPERATOR } from './rules/stock';

export interface Repair {
  rule: string;
  /** documentId of the product. */
  product: string;
  isDone: boolean;
  zh: string;
  en: string;
}

interface Figures {
  on_hand: number;
  locked: number;
}

const read = async (tx: Knex, sql: string, bindings: unknown[]): Promise<Record<string, unknown>[]> => {
  const result = (await tx.raw(sql, bindings as never)) as { rows?: Record<string, unknown>[] } & Record<
    string,
    unknown
  >[];
  return result.rows ?? result;
};

async function productsFoundBy(connection: Knex, name: string): Promise<string[]> {
  const rule = RULES.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`the audit has no rule ${name}`);
  const rows = await read(
    connection,
    `select distinct product from (${rule.find(dialectOf(connection))}) found`,
    [],
  );
  return rows.map((row) => String(row.product)).sort();
}

/** Products whose ledger contradicts the orders: its sums are no better witness than the figures. */
async function productsWithWrongLedger(connection: Knex): Promise<Set<string>> {
  const names = ['stock.order-rows', 'stock.earlier-lives', 'stock.row-of-order', 'stock.signs'];
  const found: string[] = [];
  for (const name of names) found.push(...(await productsFoundBy(connection, name)));
  return new Set(found);
}

async function writeRepairRow(tx: Knex, product: string, before: Figures, after: Figures): Promise<void> {
  const now = new Date();
  await tx('inventory_logs').insert({
    document_id: createId(),
    product_document_id: product,
    change_type: 'adjust',
    quantity: 0,
    on_hand_delta: 0,
    locked_delta: 0,
    on_hand_after: after.on_hand,
    locked_after: after.locked,
    reason: `audit repair: on hand ${before.on_hand} → ${after.on_hand}, locked ${before.locked} → ${after.locked}`,
    operator: REPAIR_OPERATOR,
    created_at: now,
    updated_at: now,
    published_at: now,
  });
}

const figuresText = ({ on_hand, locked }: Figures): string => `on hand ${on_hand}, locked ${locked}`;

async function repairFigures(connection: Knex, product: string, isLedgerWrong: boolean): Promise<Repair> {
  const outcome = (isDone: boolean, zh: string, en: string): Repair => ({
    rule: 'stock.figures',
    product,
    isDone,
    zh,
    en,
  });
  if (isLedgerWrong)
    return outcome(
      false,
      '流水与订单不符，需人工核对',
      'its ledger contradicts the orders: a person must look',
    );
  return connection.transaction(async (tx) => {
    const item = tx<Figures & { product_document_id: string }>('inventory_items').where({
      product_document_id: product,
    });
    const [before] = await item.clone().forUpdate().select('on_hand', 'locked');
    const [sums] = await read(
      tx,
      `select coalesce(sum(on_hand_delta), 0) as on_hand, coalesce(sum(locked_delta), 0) as locked
       from inventory_logs where product_document_id = ?`,
      [product],
    );
    const after = { on_hand: Number(sums?.on_hand), locked: Number(sums?.locked) };
    if (before === undefined) return outcome(false, '没有库存记录', 'there is no inventory item');
    if (after.locked < 0 || after.locked > after.on_hand)
      return outcome(
        false,
        '流水之和不可能成立，需人工核对',
        `the ledger adds up to the impossible ${figuresText(after)}`,
      );
    if (after.on_hand === before.on_hand && after.locked === before.locked)
      return outcome(true, '已经一致', 'is right by now');
    await item.clone().update({ ...after, updated_at: new Date() } as never);
    await writeRepairRow(tx, product, before, after);
    return outcome(
      true,
      `在库 ${before.on_hand} → ${after.on_hand}，锁定 ${before.locked} → ${after.locked}`,
      `${figuresText(before)} → ${figuresText(after)}`,
    );
  });
}

async function repairSales(connection: Knex, product: string): Promise<Repair> {
  return connection.transaction(async (tx) => {
    const rows = tx('products').where({ document_id: product });
    const before = (await rows.clone().orderBy('id').forUpdate().select('sales_count')) as {
      sales_count: number | null;
    }[];
    const [sum] = await read(
      tx,
      `select coalesce(sum(o.quantity), 0) as sold from orders o
       join order_histories h on h.order_id = o.id and h.event in ('pay', 'revive')
       where o.product_document_id = ?`,
      [product],
    );
    const sold = Number(sum?.sold);
    await rows.clone().update({ sales_count: sold });
    const text = `${before.map((row) => row.sales_count ?? 0).join('/')} → ${sold}`;
    return {
      rule: 'stock.sales-count',
      product,
      isDone: true,
      zh: `销量 ${text}`,
      en: `number sold ${text}`,
    };
  });
}

/** Mends every counter that is found wrong, each in a transaction of its own, and says what was done or why not. */
export async function repairCounters(connection: Knex): Promise<Repair[]> {
  const wrongLedgers = await productsWithWrongLedger(connection);
  const repairs: Repair[] = [];
  for (const product of await productsFoundBy(connection, 'stock.figures'))
    repairs.push(await repairFigures(connection, product, wrongLedgers.has(product)));
  for (const product of await productsFoundBy(connection, 'stock.sales-count'))
    repairs.push(await repairSales(connection, product));
  return repairs;
}
