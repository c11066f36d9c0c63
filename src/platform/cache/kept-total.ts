import { readingSince } from '../database';
import type { Life } from './answer';
import { shopCache } from './shop-cache';

/** How many rows a list has in all, when that is known, and who is told when it had to be counted. */
export interface KeptTotal {
  known: number | undefined;
  learn(total: number): void;
}

/**
 * The number of rows behind a list of the catalogue, kept until something with one of these tags changes: on a large catalogue
 * counting takes far longer than reading a page, and pages, orders and fields of one choice share their count. `key` must say
 * all that the choice depends on. To be called before the first statement of the reading.
 */
export function keptTotal(key: string, { tags, life }: { tags: readonly string[]; life: Life }): KeptTotal {
  const { changes, totals } = shopCache();
  const asOf = readingSince();
  const kept = totals.get(key);
  // Also when word of a change is lost, as with answers.
  const isOld = kept === undefined || performance.now() - kept.asOf >= life.staleMs;
  const known = isOld || changes.hasChangedSince(tags, kept.asOf) ? undefined : kept.total;
  return {
    known,
    learn(total) {
      if (!changes.hasChangedSince(tags, asOf)) totals.set(key, { total, asOf });
    },
  };
}
