/** What the controllers read from a request. */
import type { Context } from 'koa';
import type { z } from 'zod';

import { readLanguage } from '../domain/language';
import { fromZod, type Language, notFound, validationFailed } from '../domain/refusal';
import type { PortActor } from '../ports';

export const languageOf = (ctx: Context): Language => readLanguage(ctx.get('Accept-Language'));

interface PanelUser {
  id: number;
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
  email: string;
}

/** The administrator behind a request; the route's policy has seen to it that there is one. */
export function panelActor(ctx: Context): PortActor & { kind: 'staff' } {
  const user = ctx.state.user as PanelUser;
  const name = user.username ?? [user.lastname, user.firstname].filter(Boolean).join('');
  return { kind: 'staff', id: `admin:${user.id}`, name: name === '' ? user.email : name };
}

/** Parses the body of an action or an update. Throws VALIDATION_FAILED. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, ctx: Context): z.infer<Schema> {
  // Koa's type does not know of the parsed body.
  const body = (ctx.request as { body?: unknown }).body ?? {};
  if (typeof body !== 'object' || Array.isArray(body))
    throw validationFailed([{ path: [], message: 'must be a JSON object' }]);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw fromZod(parsed.error);
  return parsed.data;
}

/** Parses the query. Throws VALIDATION_FAILED. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, ctx: Context): z.infer<Schema> {
  const parsed = schema.safeParse(ctx.query);
  if (!parsed.success) throw fromZod(parsed.error);
  return parsed.data;
}

/** The largest key of a row: a 32-bit integer on PostgreSQL. */
const MAX_ID = 2_147_483_647;

/** The row in the path; a text that cannot name one is simply not there. Throws NOT_FOUND. */
export function rowId(ctx: Context): number {
  const text = String(ctx.params.id);
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Infinity;
  if (id > MAX_ID) throw notFound();
  return id;
}

interface Paging {
  page: number;
  pageSize: number;
  total: number;
  /** There are at least `total`; nobody counted on. */
  isTotalCapped?: boolean;
}

/** The answer of a list. */
export const listed = <Row>(rows: Row[], { page, pageSize, total, isTotalCapped = false }: Paging) => ({
  data: rows,
  meta: {
    pagination: { page, pageSize, pageCount: Math.ceil(total / pageSize), total, isTotalCapped },
  },
});
