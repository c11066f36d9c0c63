import type { Context } from 'koa';

import { Refusal } from '../../domain/refusal';
import type { RoleType } from '../../domain/roles';

/** The user a request's access token stands for, as read from the database for this very request. */
export interface SignedInUser {
  id: number;
  documentId: string;
  username: string;
  role: { type: RoleType };
  /** True exactly for the role `staff`. */
  isStaff: boolean;
  isSuperuser: boolean;
  /** WeChat's name for the user in this mini-program; never leaves the server. */
  openId: string | null;
  /** The session of the device that asks. */
  sessionId: string;
}

/** The signed-in user, or undefined for an anonymous request. */
export const maybeSignedIn = (ctx: Context): SignedInUser | undefined =>
  // The one place that writes it is the authentication strategy; Koa types the state loosely.
  ctx.state.user as SignedInUser | undefined;

/** The signed-in user. Throws UNAUTHENTICATED when there is none, e.g. for a request with an API token of Strapi's. */
export function signedInUser(ctx: Context): SignedInUser {
  const user = maybeSignedIn(ctx);
  if (user === undefined) throw new Refusal('UNAUTHENTICATED');
  return user;
}
