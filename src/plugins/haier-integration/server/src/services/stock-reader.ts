/** Stock at Haier, asked for by many shoppers at once: an answer serves everybody for a minute, and one question many waiters. */
import type { Core } from '@strapi/strapi';

import type { HaierStock } from '../clients/contract';
import type { StockReading } from '../operations';
import { getService } from '../plugin-services';
import { connectedPorts } from '../ports';

const FRESH_MS = 60_000;
/** Products times districts; the oldest answers go first. */
const MAX_ANSWERS = 5_000;

export interface StockReader {
  /**
   * Live, or at most a minute old. What failed is not kept: the next one asks again. Throws HaierError, and an Error inside a
   * transaction, also where the answer is known already.
   */
  read(productCode: string, countyCode: string): Promise<StockReading>;
}

export interface StockQuestions {
  ask(productCode: string, countyCode: string): Promise<HaierStock>;
  /** Throws where nothing may be asked of the outside. */
  guard(): void;
  /** A clock that never goes back, in milliseconds. */
  now?(): number;
}

interface Asked {
  at: number;
  answer: Promise<HaierStock>;
}

export function createStockReader({
  ask,
  guard,
  now = () => performance.now(),
}: StockQuestions): StockReader {
  const asked = new Map<string, Asked>();

  /** Age counts from the question: what happened while Haier was answering may be in the figure or not. */
  function begin(key: string, productCode: string, countyCode: string): Asked {
    const entry = { at: now(), answer: ask(productCode, countyCode) };
    asked.delete(key);
    asked.set(key, entry);
    entry.answer.catch(() => {
      if (asked.get(key) === entry) asked.delete(key);
    });
    const [oldest] = asked.keys();
    if (asked.size > MAX_ANSWERS && oldest !== undefined) asked.delete(oldest);
    return entry;
  }

  return {
    async read(productCode, countyCode) {
      guard();
      const key = `${countyCode}:${productCode}`;
      const known = asked.get(key);
      const entry =
        known !== undefined && now() - known.at < FRESH_MS ? known : begin(key, productCode, countyCode);
      const stock = await entry.answer;
      return { ...stock, ageMs: now() - entry.at };
    },
  };
}

export default ({ strapi }: { strapi: Core.Strapi }): StockReader =>
  createStockReader({
    ask: (productCode, countyCode) => getService('clients').haier.readStock(productCode, countyCode),
    guard() {
      connectedPorts().guardOutsideCall?.();
      if (strapi.db.inTransaction()) throw new Error('Haier must not be asked while a transaction is open');
    },
  });
