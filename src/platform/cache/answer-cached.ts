import type { Context } from 'koa';

import { routeOf } from '../metrics';
import type { Life, Reading } from './answer';
import { noteServed, triedBefore } from './served';
import { shopCache } from './shop-cache';

/** Stock and prices are never older than a second, even when word of a change is lost. */
export const LIVE: Life = { freshMs: 500, staleMs: 1_000 };
/** What changes when staff edit it; a lost word of a change costs half a minute. */
export const CALM: Life = { freshMs: 10_000, staleMs: 30_000 };

export interface CachedAnswer {
  life: Life;
  /** Reads what the path and the query ask for; nothing of who asks may enter it. */
  load: () => Promise<Reading>;
  /** Runs each time the answer is given, also when nothing was read. */
  afterServe?: () => void;
}

/** A query in one order of names, so that two ways to write it share an answer. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, inOrder(inner)]));
}

const keyOf = (ctx: Context): string =>
  `${ctx.path.replace(/\/+$/, '')}?${JSON.stringify(inOrder(ctx.query))}`;

/**
 * Answers a read that is the same for everybody, from the cache where it can, with an ETag, or 304 when the caller has it already
 * (RFC 9110, 13.1.2). The query must have been checked before. Throws what `load` throws.
 */
export async function answerCached(ctx: Context, { life, load, afterServe }: CachedAnswer): Promise<void> {
  // The door in front of the stack has just asked the same.
  const tried = triedBefore(ctx.res);
  if (tried?.failure !== undefined) throw tried.failure;
  const wanted = { key: keyOf(ctx), life, load };
  const { body, etag } = await shopCache().get(wanted);
  ctx.status = 200;
  ctx.set({ ETag: etag, 'Cache-Control': 'no-cache' });
  noteServed(ctx.res, { wanted, route: routeOf(ctx), afterServe });
  // HEAD takes the same route and looks at nothing.
  if (ctx.method === 'GET') afterServe?.();
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = body;
}
