import type { Progress, SyncError } from '../domain/sync';
import type { CatalogueResult } from '../ports';
import type { ItemFacts } from './sync-facts';

/** What a batch adds to the report. A product counts once: what went wrong with it comes before what was written of it. */
export function tally(facts: ItemFacts[], results: CatalogueResult[]): Progress {
  const byCode = new Map(results.map((result) => [result.productCode, result]));
  const counts = { done: facts.length, created: 0, changed: 0, unchanged: 0, failed: 0 };
  const changedFields: Record<string, number> = {};
  const errors: SyncError[] = [];
  for (const { productCode, error } of facts) {
    const result = byCode.get(productCode);
    if (result?.outcome === 'changed')
      for (const field of result.fields) changedFields[field] = (changedFields[field] ?? 0) + 1;
    const reason = error ?? (result?.outcome === 'failed' ? result.reason : undefined);
    if (reason !== undefined) {
      counts.failed += 1;
      errors.push({ subject: productCode, reason });
    } else if (result !== undefined && result.outcome !== 'failed') counts[result.outcome] += 1;
  }
  return { counts, changedFields, errors };
}
