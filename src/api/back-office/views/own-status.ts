import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { query } from '../../../platform/database';
import { onContentManagerRoutes } from '../content-manager-routes';

interface PermissionChecker {
  create(options: { userAbility: unknown; model: string }): {
    cannot: { read(entity: null, field: string): boolean };
  };
}
interface Shown {
  id?: number;
  status?: unknown;
}

const READING = new Set(['/collection-types/:model', '/collection-types/:model/:id']);

function hasOwnStatus(strapi: Core.Strapi, uid: string): boolean {
  const type = strapi.contentTypes[uid as keyof typeof strapi.contentTypes];
  // The generated types know each type's own options; here it is any of them.
  const options: { draftAndPublish?: boolean } | undefined = type?.options;
  return type !== undefined && 'status' in type.attributes && options?.draftAndPublish !== true;
}

function shownIn(body: unknown): Shown[] {
  const { results, data } = (body ?? {}) as { results?: Shown[]; data?: Shown };
  return (results ?? [data]).filter((row): row is Shown => row?.id !== undefined);
}

async function restore(uid: string, shown: Shown[]): Promise<void> {
  const rows = (await query(uid)
    .whereIn(
      'id',
      shown.map(({ id }) => id ?? 0),
    )
    .select('id', 'status')) as { id: number; status: string }[];
  const statuses = new Map(rows.map(({ id, status }) => [id, status]));
  for (const row of shown) row.status = statuses.get(row.id ?? 0);
}

/**
 * Gives orders, payments, refunds and messages their own status back. Strapi's content manager answers with its draft
 * status under that name, also for types without drafts: "published" in tables, nothing in forms. Call in `register`.
 */
export function restoreOwnStatus(strapi: Core.Strapi): void {
  const contentManager = strapi.plugin('content-manager');
  const middleware = async (ctx: Context, next: Next): Promise<void> => {
    await next();
    const uid = String(ctx.params.model);
    if (ctx.status !== 200 || !hasOwnStatus(strapi, uid)) return;
    const checkers = contentManager.service('permission-checker') as unknown as PermissionChecker;
    if (checkers.create({ userAbility: ctx.state.userAbility, model: uid }).cannot.read(null, 'status'))
      return;
    await restore(uid, shownIn(ctx.body));
  };
  onContentManagerRoutes(strapi, ({ method, path }) => method === 'GET' && READING.has(path), middleware);
}
