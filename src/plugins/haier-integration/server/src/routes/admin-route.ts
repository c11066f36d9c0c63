import type { Context, Next } from 'koa';

import { actionOf, type Permission } from '../constants';
import { HaierError } from '../domain/errors';
import { readLanguage } from '../domain/language';
import { PluginRefusal, presentRefusal, validationFailed } from '../domain/refusal';
import { refusalOf } from '../domain/words';

/** Refuses query parameters nobody reads: one that is dropped without a word is a mistake nobody sees. */
async function refuseQuery(ctx: Context, next: Next): Promise<void> {
  const names = Object.keys(ctx.query);
  if (names.length > 0)
    throw validationFailed(names.map((name) => ({ path: [name], message: 'is not a known parameter' })));
  await next();
}

/** Answers the plugin's refusals, and failures of Haier and YLH, in the one shape; the rest is for the shop around it. */
async function answerRefusals(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const refusal = error instanceof HaierError ? refusalOf(error) : error;
    if (!(refusal instanceof PluginRefusal)) throw error;
    const requestId = ctx.response.get('X-Request-Id');
    const body = presentRefusal(
      refusal,
      readLanguage(ctx.get('Accept-Language')),
      requestId === '' ? undefined : requestId,
    );
    ctx.status = body.error.status;
    ctx.body = body;
  }
}

export interface AdminRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  handler: string;
  config: { policies: unknown[]; middlewares: unknown[] };
}

/**
 * A route of the panel below `/haier-integration`, `handler` as `<controller>.<action>`. The permission is checked here, on
 * the server; that the panel hides a page is only courtesy. `readsQuery`: the action parses its query itself.
 */
export const adminRoute = (
  method: AdminRoute['method'],
  path: string,
  handler: string,
  permission: Permission,
  { readsQuery = false }: { readsQuery?: boolean } = {},
): AdminRoute => ({
  method,
  path,
  handler,
  config: {
    policies: [
      'admin::isAuthenticatedAdmin',
      { name: 'admin::hasPermissions', config: { actions: [actionOf(permission)] } },
    ],
    middlewares: readsQuery ? [answerRefusals] : [answerRefusals, refuseQuery],
  },
});
