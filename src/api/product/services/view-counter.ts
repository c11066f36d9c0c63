/**
 * Counts who looked at what. A GET must not write: views are counted in this process's memory and written in batches,
 * one statement for all products seen since the last one, every few seconds and once more when the shop stops. A
 * process that is killed loses the views of those seconds, and nothing else.
 */
import { inTransaction, type Tx } from '../../../platform/database';

const FLUSH_EVERY_MS = 5_000;
/** SQLite takes 32,766 values in a statement; two are needed for each product. */
const PRODUCTS_PER_STATEMENT = 2_000;

const views = new Map<string, number>();
let timer: NodeJS.Timeout | undefined;
let running: Promise<void> = Promise.resolve();

/** Remembers `times` looks at a product until the next flush. */
export function countView(documentId: string, times = 1): void {
  views.set(documentId, (views.get(documentId) ?? 0) + times);
}

/** All language rows carry the count, so that the panel shows the same number in every language. */
async function addViews(tx: Tx, counted: [string, number][]): Promise<void> {
  const rows = counted.map(() => '(cast(? as varchar(255)), cast(? as integer))').join(', ');
  await tx.raw(
    `with seen(document_id, views) as (values ${rows})
     update products set view_count = coalesce(view_count, 0) + seen.views
     from seen where products.document_id = seen.document_id`,
    counted.flat(),
  );
}

async function flushOnce(): Promise<void> {
  // One order for all processes, so that two flushes seldom wait for each other; a deadlock is tried again.
  const counted = [...views].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, PRODUCTS_PER_STATEMENT);
  if (counted.length === 0) return;
  for (const [documentId] of counted) views.delete(documentId);
  try {
    await inTransaction((tx) => addViews(tx, counted));
  } catch (error) {
    for (const [documentId, times] of counted) countView(documentId, times);
    throw error;
  }
}

/** Writes what was counted. Resolves when it is in the database; on failure it stays counted for the next time. */
export function flushViews(): Promise<void> {
  const flushed = running.then(flushOnce);
  running = flushed.catch(() => undefined);
  return flushed;
}

const flushOrWarn = (): Promise<void> =>
  flushViews().catch(
    (error: unknown) => void strapi.log.warn(`views could not be written: ${String(error)}`),
  );

/** Begins to write the counts every few seconds. */
export function startViewCounter(): void {
  clearInterval(timer);
  timer = setInterval(() => void flushOrWarn(), FLUSH_EVERY_MS);
  timer.unref();
}

/** Stops, after writing what is left. Never fails: a shop that stops must not hang on a number of views. */
export async function stopViewCounter(): Promise<void> {
  clearInterval(timer);
  timer = undefined;
  await flushOrWarn();
}
