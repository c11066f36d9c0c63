/** What one run does, from where it stands to its end. */
import type { Core } from '@strapi/strapi';

import type { HaierApi, HaierProduct } from '../clients/contract';
import { isSuddenDrop, type SyncKind, type SyncRunRow } from '../domain/sync';
import { type CataloguePort, connectedPorts } from '../ports';
import { readFacts } from './sync-facts';
import { createSyncItems, type SyncItems } from './sync-items';
import { createSyncMapping, type SyncMapping } from './sync-mappings';
import type { SyncRuns } from './sync-runs';
import { tally } from './sync-tally';

/** The run cannot go on; the sentence is for staff. */
export class RunFailed extends Error {}

/** The run could go on and did not, to be on the safe side: somebody has to look. */
export class RunStopped extends RunFailed {}

export interface SyncWork {
  strapi: Core.Strapi;
  runs: SyncRuns;
  run: SyncRunRow;
  holder: string;
  /** Aborted when the run is cancelled, the lease is lost or the process stops. */
  signal: AbortSignal;
  haier: HaierApi;
  /** District that stands for all; empty where none is set. */
  stockCountyCode: string;
  onProgress(run: SyncRunRow): void;
}

interface Tools extends SyncWork {
  items: SyncItems;
  mapping: SyncMapping;
  catalogue: CataloguePort;
}

/** Products written in one transaction, with the prices of five calls. */
const BATCH = 100;
const LISTING_BATCH = 500;
const PAGE = 500;
const UNLISTED = '海尔已不再供应（不在可采商品中）';

const isComplete = ({ productCodes }: SyncRunRow): boolean => productCodes === null;

/** Moves the run on by one transaction, and tells whoever watches. */
async function advance(tools: Tools, work: Parameters<SyncRuns['advance']>[2]): Promise<void> {
  tools.signal.throwIfAborted();
  tools.onProgress(await tools.runs.advance(tools.run.id, tools.holder, work));
}

async function* allCodes(
  catalogue: CataloguePort,
): AsyncGenerator<{ productCode: string; isOnSale: boolean }[]> {
  for (let after: string | null = null; ;) {
    const page = await catalogue.listCodes(after, PAGE);
    if (page.length === 0) return;
    yield page;
    after = page[page.length - 1]?.productCode ?? null;
  }
}

async function* inBatches<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const one of source) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Haier's list becomes items. It is read from its beginning: a list that broke off says nothing about what is missing. */
async function listProducts(tools: Tools): Promise<void> {
  const { run, items, mapping, haier, signal } = tools;
  const codes = run.productCodes ?? undefined;
  await advance(tools, async (trx) => {
    await items.clear(trx, run.id);
    await items.add(
      trx,
      run.id,
      (codes ?? []).map((productCode) => ({ productCode, payload: null })),
    );
    return { counts: {}, phase: 'listing' };
  });
  const onSale = new Set<string>();
  for await (const batch of inBatches(haier.listProducts(codes, { signal }), LISTING_BATCH)) {
    // One code twice in one statement would be refused; the later entry counts, as in the list.
    const latest = new Map(batch.map((product) => [product.productCode, product]));
    await mapping.record([...latest.values()]);
    await advance(tools, async (trx) => {
      await items.add(
        trx,
        run.id,
        [...latest.values()].map((payload) => ({ productCode: payload.productCode, payload })),
      );
      return { counts: {}, total: await items.count(run.id, trx) };
    });
    for (const { productCode, isOnSale } of latest.values()) {
      if (isOnSale) onSale.add(productCode);
      else onSale.delete(productCode);
    }
  }
  if (isComplete(run)) await refuseSuddenDrop(tools, onSale);
  await advance(tools, async (trx) => ({
    counts: {},
    phase: 'writing',
    total: await items.count(run.id, trx),
  }));
}

/** An empty or broken list must not close the shop: nothing has been written when this throws. */
async function refuseSuddenDrop({ run, items, catalogue }: Tools, listed: Set<string>): Promise<void> {
  if ((await items.count(run.id)) === 0)
    throw new RunStopped(
      '海尔返回的商品列表为空，未作任何改动\nHaier listed no product at all; nothing was changed',
    );
  if (run.allowsDrop) return;
  let onSale = 0;
  let leaving = 0;
  for await (const page of allCodes(catalogue)) {
    const sold = page.filter(({ isOnSale }) => isOnSale);
    onSale += sold.length;
    leaving += sold.filter(({ productCode }) => !listed.has(productCode)).length;
  }
  if (!isSuddenDrop({ onSale, leaving })) return;
  throw new RunStopped(
    `本次同步将使 ${onSale} 个在售商品中的 ${leaving} 个下架，已停止，未作任何改动。确认无误后，请勾选“允许大量下架”再次同步。\n` +
      `${leaving} of ${onSale} products on sale would go off sale: stopped, nothing was changed. If that is right, start the sync again and allow it.`,
  );
}

/** The products a sync of prices or stock is about: those asked for, else those on sale. */
async function listOwnCodes(tools: Tools): Promise<void> {
  const { run, items, catalogue } = tools;
  const asItems = (codes: string[]) => codes.map((productCode) => ({ productCode, payload: null }));
  await advance(tools, async (trx) => {
    await items.clear(trx, run.id);
    await items.add(trx, run.id, asItems(run.productCodes ?? []));
    return { counts: {}, phase: 'listing' };
  });
  if (isComplete(run)) {
    for await (const page of allCodes(catalogue)) {
      const codes = page.flatMap(({ productCode, isOnSale }) => (isOnSale ? [productCode] : []));
      await advance(tools, async (trx) => {
        await items.add(trx, run.id, asItems(codes));
        return { counts: {} };
      });
    }
  }
  await advance(tools, async (trx) => ({
    counts: {},
    phase: 'writing',
    total: await items.count(run.id, trx),
  }));
}

/** Works the items that wait: asks Haier, then writes products, item states and counts in one transaction. */
async function writeItems(tools: Tools, kind: Exclude<SyncKind, 'logistics'>): Promise<void> {
  const { run, items, mapping, catalogue, haier, signal, stockCountyCode } = tools;
  const patience = { failedInARow: 0 };
  for (;;) {
    signal.throwIfAborted();
    const batch = await items.next(run.id, BATCH);
    if (batch.length === 0) return;
    const products = batch.flatMap(({ payload }): HaierProduct[] => (payload === null ? [] : [payload]));
    const mapped = kind === 'products' ? await mapping.read(products) : undefined;
    const facts = await readFacts({ kind, batch, haier, signal, stockCountyCode, mapped, patience });
    await advance(tools, async (trx) => {
      const results = await catalogue.apply(facts.flatMap(({ update }) => update ?? []));
      await items.markDone(
        trx,
        batch.map(({ id }) => id),
      );
      return tally(facts, results);
    });
  }
}

/** What the whole list does not name is no longer sold. */
async function takeOffUnlisted(tools: Tools): Promise<void> {
  const { run, items, catalogue } = tools;
  await advance(tools, () => Promise.resolve({ counts: {}, phase: 'unlisting' }));
  for await (const page of allCodes(catalogue)) {
    const codes = page.flatMap(({ productCode, isOnSale }) => (isOnSale ? [productCode] : []));
    if (codes.length === 0) continue;
    await advance(tools, async (trx) => {
      const missing = await items.findMissing(trx, run.id, codes);
      const taken = missing.length === 0 ? [] : await catalogue.takeOffSale(missing, UNLISTED);
      return { counts: { unlisted: taken.length } };
    });
  }
}

/** Asks for the logistics of all orders under way; whoever takes over begins anew. */
async function syncLogistics(work: SyncWork): Promise<void> {
  const { runs, run, holder, signal, onProgress } = work;
  const { orders } = connectedPorts();
  if (orders === undefined)
    throw new RunFailed('本店尚未接入海尔订单\nthe shop has not connected its orders to Haier');
  let done = 0;
  let told = 0;
  const tell = (): void => {
    if (done === told) return;
    told = done;
    runs.setDone(run.id, holder, told).then(onProgress, (error: unknown) => {
      work.strapi.log.warn(`haier-integration: progress of run ${run.id} was not kept: ${String(error)}`);
    });
  };
  const timer = setInterval(tell, 1_000);
  try {
    const report = await orders.syncLogistics({ signal, onProgress: (now) => void (done = now) });
    signal.throwIfAborted();
    await runs.setDone(run.id, holder, report.total);
    const { total, changed, failed } = report;
    onProgress(
      await runs.advance(run.id, holder, () =>
        Promise.resolve({
          counts: { changed, failed: failed.length, unchanged: total - changed - failed.length },
          errors: failed.map(({ orderNumber, reason }) => ({ subject: orderNumber, reason })),
          total,
        }),
      ),
    );
  } finally {
    clearInterval(timer);
  }
}

/** Does what is left of a run. Throws RunFailed, HaierError, or the reason its signal was aborted with. */
export async function workOnRun(work: SyncWork): Promise<void> {
  const { run, strapi } = work;
  if (run.kind === 'logistics') return syncLogistics(work);
  const { catalogue } = connectedPorts();
  if (catalogue === undefined)
    throw new RunFailed('本店尚未接入商品目录\nthe shop has not connected its catalogue');
  if (run.kind === 'stock' && work.stockCountyCode === '')
    throw new RunFailed('尚未设置查询库存的区县\nno county is set to ask stock for');
  const tools: Tools = {
    ...work,
    catalogue,
    items: createSyncItems(strapi),
    mapping: createSyncMapping(strapi),
  };
  const isListed = run.phase !== null && run.phase !== 'listing';
  if (!isListed) await (run.kind === 'products' ? listProducts(tools) : listOwnCodes(tools));
  await writeItems(tools, run.kind);
  if (run.kind === 'products' && isComplete(run)) await takeOffUnlisted(tools);
}
