import type { Context } from 'koa';

import { notFound } from '../../domain/refusal';
import { isDocumentId } from './parse';

/** The documentId in the path. What cannot be one is simply not there. */
export function pathId(ctx: Context, name = 'id'): string {
  const value: unknown = ctx.params[name];
  if (typeof value !== 'string' || !isDocumentId(value)) throw notFound();
  return value;
}
