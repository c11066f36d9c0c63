/** What the controllers read from a request. */
import type { Context } from 'koa';
import type { z } from 'zod';

import { readLanguage } from '../domain/language';
import { fromZod, type Language, validationFailed } from '../domain/refusal';
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
