import { errors } from '@strapi/utils';
import type { Context } from 'koa';

import { bearerToken } from '../../platform/session/bearer-token';
import { looksLikeSignedToken } from '../../platform/session/signed-token';
import { Refusal, type RefusalCode } from '../../domain/refusal';
import { noteUser, type SignedInUser } from '../../platform/request';
import { isGranted } from './grants';
import { identify } from './identify';

interface Authentication {
  authenticated?: boolean;
  credentials?: SignedInUser | null;
  error?: string;
}

const ANONYMOUS: Authentication = { authenticated: true, credentials: null };

/** Strapi answers 401 with its own words; the errors middleware dresses it as this refusal. */
function refuse(ctx: Context, code: RefusalCode): Authentication {
  ctx.state.authRefusal = new Refusal(code);
  return { authenticated: false, error: code };
}

async function authenticate(ctx: Context): Promise<Authentication> {
  if (ctx.get('Authorization') === '') return ANONYMOUS;
  const token = bearerToken(ctx);
  if (token === undefined) return refuse(ctx, 'UNAUTHENTICATED');
  // Not ours to judge: it may be an API token of Strapi's, whose strategy stands behind this one.
  if (!looksLikeSignedToken(token)) return { authenticated: false };

  const identity = await identify(token);
  if (typeof identity === 'string') return refuse(ctx, identity);
  const { user } = identity;
  ctx.state.user = user;
  noteUser(String(user.id));
  ctx.state.session = { id: user.sessionId };
  return { authenticated: true, credentials: user };
}

/** Checks the route's actions against the grants table. Throws UnauthorizedError or ForbiddenError, as Strapi expects. */
function verify(auth: { credentials?: SignedInUser | null }, config: { scope?: string | string[] }): void {
  const user = auth.credentials ?? undefined;
  const actions = config.scope === undefined ? undefined : [config.scope].flat();
  const role = user?.role.type ?? 'public';
  const isAllowed =
    actions === undefined ? user !== undefined : actions.every((action) => isGranted(role, action));
  if (isAllowed) return;
  throw user === undefined ? new errors.UnauthorizedError() : new errors.ForbiddenError();
}

/**
 * Who asks, in the place of the plugin's own strategy: the token's signature, then one statement for user, role and
 * session, so that a logout, a block or a change of role acts on the next request. Anonymous requests ask no database.
 */
export const authStrategy = { name: 'users-permissions', authenticate, verify };
