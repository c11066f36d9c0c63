import { errors } from '@strapi/utils';
import type { Context } from 'koa';

import { findSessionUser } from '../../api/account/queries/users';
import { bearerToken } from '../../platform/session/bearer-token';
import { looksLikeSignedToken, readSignedToken, tokenSecret } from '../../platform/session/signed-token';
import { Refusal, type RefusalCode } from '../../domain/refusal';
import { noteUser, type SignedInUser } from '../../platform/request';
import { isGranted } from './grants';

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

  const signed = readSignedToken(token, tokenSecret());
  if (signed === undefined || signed.type !== 'access') return refuse(ctx, 'UNAUTHENTICATED');
  if (signed.isExpired) return refuse(ctx, 'TOKEN_EXPIRED');
  const found = await findSessionUser(signed.userId, signed.sessionId);
  if (found === undefined) return refuse(ctx, 'UNAUTHENTICATED');
  if (found.blocked) return refuse(ctx, 'USER_BLOCKED');
  if (!found.hasSession) return refuse(ctx, 'UNAUTHENTICATED');

  const { id, documentId, username, openId, isSuperuser, role } = found;
  const user: SignedInUser = {
    id,
    documentId,
    username,
    role: { type: role },
    isStaff: role === 'staff',
    isSuperuser,
    openId,
    sessionId: signed.sessionId,
  };
  ctx.state.user = user;
  noteUser(String(id));
  ctx.state.session = { id: signed.sessionId };
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
