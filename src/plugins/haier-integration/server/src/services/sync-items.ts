/** What a run has still to do, one row for each product: so that whoever takes over knows what is done. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

import type { HaierProduct } from '../clients/contract';

const ITEMS = 'haier_sync_items';
/** SQLite takes at most 500 rows in one INSERT. */
const ROWS_PER_STATEMENT = 200;

export interface SyncItem {
  id: number;
  productCode: string;
  /** What Haier's list says about it; null where only the code is known. */
  payload: HaierProduct | null;
}

export type SyncItems = ReturnType<typeof createSyncItems>;

export function createSyncItems(strapi: Core.Strapi) {
  const table = (trx?: Knex.Transaction): Knex.QueryBuilder => (trx ?? strapi.db.connection)(ITEMS);

  /** Adds items; one that is there gets the newer payload. */
  async function add(
    trx: Knex.Transaction,
    runId: number,
    items: { productCode: string; payload: HaierProduct | null }[],
  ): Promise<void> {
    const now = new Date();
    for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
      const rows = items.slice(start, start + ROWS_PER_STATEMENT).map(({ productCode, payload }) => ({
        run_id: runId,
        product_code: productCode,
        payload: payload === null ? null : JSON.stringify(payload),
        state: 'waiting',
        created_at: now,
        updated_at: now,
      }));
      await table(trx).insert(rows).onConflict(['run_id', 'product_code']).merge(['payload', 'updated_at']);
    }
  }

  const clear = async (trx: Knex.Transaction, runId: number): Promise<void> =>
    void (await table(trx).where('run_id', runId).delete());

  async function count(runId: number, trx?: Knex.Transaction): Promise<number> {
    const [row] = (await table(trx).where('run_id', runId).count({ count: '*' })) as {
      count: number | string;
    }[];
    return Number(row?.count ?? 0);
  }

  /** The next items nobody has written. */
  async function next(runId: number, limit: number): Promise<SyncItem[]> {
    const rows = (await table()
      .where({ run_id: runId, state: 'waiting' })
      .orderBy('id')
      .limit(limit)
      .select('id', 'product_code', 'payload')) as {
      id: number;
      product_code: string;
      payload: unknown;
    }[];
    return rows.map(({ id, product_code, payload }) => ({
      id,
      productCode: product_code,
      // PostgreSQL hands jsonb over as text too, because Strapi turned its parser off.
      payload: (typeof payload === 'string' ? JSON.parse(payload) : payload) as HaierProduct | null,
    }));
  }

  const markDone = async (trx: Knex.Transaction, ids: number[]): Promise<void> =>
    void (await table(trx).whereIn('id', ids).update({ state: 'done', updated_at: new Date() }));

  /** Those of the codes that the run has no item for. */
  async function findMissing(trx: Knex.Transaction, runId: number, codes: string[]): Promise<string[]> {
    const rows = (await table(trx)
      .where('run_id', runId)
      .whereIn('product_code', codes)
      .select('product_code')) as { product_code: string }[];
    const known = new Set(rows.map((row) => row.product_code));
    return codes.filter((code) => !known.has(code));
  }

  return { add, clear, count, next, markDone, findMissing };
}
