/** What Haier says about the products of one batch. A call that fails costs its own products alone. */
import { setTimeout as pause } from 'node:timers/promises';

import type { HaierApi, HaierPrice, HaierProduct } from '../clients/contract';
import { HaierError } from '../domain/errors';
import type { SyncKind } from '../domain/sync';
import { describeFailure } from '../domain/words';
import type { CatalogueUpdate } from '../ports';
import type { SyncItem } from './sync-items';

/** What became of one item: what is to be written, what went wrong, or both. */
export interface ItemFacts {
  productCode: string;
  update?: CatalogueUpdate;
  error?: string;
}

export interface FactsRequest {
  kind: Exclude<SyncKind, 'logistics'>;
  batch: SyncItem[];
  haier: HaierApi;
  signal: AbortSignal;
  stockCountyCode: string;
  mapped?: (product: HaierProduct) => { brand: string | null; category: string | null };
  /** Shared by the batches of a run. */
  patience: { failedInARow: number };
}

/** As many as one call of prices takes (contract, 1.3). */
const CODES_PER_CALL = 20;
const PRICE_CALLS_AT_ONCE = 5;
const STOCK_CALLS_AT_ONCE = 8;
/** The client repeats by itself; this is for a spell that lasts longer than its patience. */
const PAUSES_MS = [500, 2_000];
/** So many calls in vain, one after the other, and there is nobody to ask. */
const CALLS_IN_VAIN = 12;
const NOT_LISTED = '海尔未返回该商品，可能不可采购\nHaier does not list this product';
const NO_PRICE = '海尔未返回价格\nHaier names no price';

/** Calls that no other product would fare better with. */
const isHopeless = (error: HaierError): boolean =>
  error.kind === 'unauthorized' || error.kind === 'not_configured';

async function eachAtOnce<T>(rows: T[], limit: number, work: (row: T) => Promise<void>): Promise<void> {
  const waiting = rows.values();
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (const row of waiting) {
      if (isOver) return;
      try {
        await work(row);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, rows.length) }, worker));
}

/** The answer of one call, or why there is none. Throws when the run had better end. */
async function ask<T>(
  { signal, patience }: FactsRequest,
  call: () => Promise<T>,
): Promise<{ answer: T } | { error: string }> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const answer = await call();
      patience.failedInARow = 0;
      return { answer };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HaierError) || isHopeless(error)) throw error;
      const pauseMs = error.isWorthRepeating ? PAUSES_MS[attempt] : undefined;
      if (pauseMs !== undefined) {
        await pause(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
        continue;
      }
      patience.failedInARow += 1;
      if (patience.failedInARow >= CALLS_IN_VAIN) throw error;
      const { zh, en } = describeFailure(error);
      return { error: `${zh}\n${en}` };
    }
  }
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

type PriceAnswer = { price: HaierPrice | undefined } | { error: string };

async function readPrices(request: FactsRequest, codes: string[]): Promise<Map<string, PriceAnswer>> {
  const { haier, signal } = request;
  const calls: string[][] = [];
  for (let start = 0; start < codes.length; start += CODES_PER_CALL)
    calls.push(codes.slice(start, start + CODES_PER_CALL));
  const answers = new Map<string, PriceAnswer>();
  await eachAtOnce(calls, PRICE_CALLS_AT_ONCE, async (asked) => {
    const result = await ask(request, () => collect(haier.readPrices(asked, { signal })));
    const prices =
      'answer' in result ? new Map(result.answer.map((price) => [price.productCode, price])) : undefined;
    for (const code of asked)
      answers.set(code, 'error' in result ? { error: result.error } : { price: prices?.get(code) });
  });
  return answers;
}

async function readProductFacts(request: FactsRequest): Promise<ItemFacts[]> {
  const { batch, mapped } = request;
  const listed = batch.filter(({ payload }) => payload !== null);
  const prices = await readPrices(
    request,
    listed.map(({ productCode }) => productCode),
  );
  return batch.map(({ productCode, payload }) => {
    if (payload === null) return { productCode, error: NOT_LISTED };
    const product = { ...payload, brand: null, category: null, ...mapped?.(payload) };
    const answer = prices.get(productCode);
    // Without a price the list still counts: what Haier no longer sells goes off sale.
    if (answer !== undefined && 'error' in answer)
      return { productCode, update: { productCode, product }, error: answer.error };
    return { productCode, update: { productCode, product, price: answer?.price } };
  });
}

async function readPriceFacts(request: FactsRequest): Promise<ItemFacts[]> {
  const codes = request.batch.map(({ productCode }) => productCode);
  const prices = await readPrices(request, codes);
  return codes.map((productCode) => {
    const answer = prices.get(productCode);
    if (answer !== undefined && 'error' in answer) return { productCode, error: answer.error };
    const price = answer?.price;
    return price === undefined
      ? { productCode, error: NO_PRICE }
      : { productCode, update: { productCode, price } };
  });
}

async function readStockFacts(request: FactsRequest): Promise<ItemFacts[]> {
  const { batch, haier, stockCountyCode } = request;
  const facts = new Map<string, ItemFacts>();
  await eachAtOnce(batch, STOCK_CALLS_AT_ONCE, async ({ productCode }) => {
    const result = await ask(request, () => haier.readStock(productCode, stockCountyCode));
    facts.set(
      productCode,
      'error' in result
        ? { productCode, error: result.error }
        : { productCode, update: { productCode, pieces: result.answer.pieces } },
    );
  });
  return batch.map(({ productCode }) => facts.get(productCode) ?? { productCode, error: NOT_LISTED });
}

/**
 * Asks Haier about a batch, one result for each item in their order. Throws HaierError when nothing else would fare better
 * (account refused, nobody answers), and the signal's reason when it is aborted.
 */
export function readFacts(request: FactsRequest): Promise<ItemFacts[]> {
  switch (request.kind) {
    case 'products':
      return readProductFacts(request);
    case 'prices':
      return readPriceFacts(request);
    case 'stock':
      return readStockFacts(request);
  }
}
