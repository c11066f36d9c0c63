import { randomBytes } from 'node:crypto';
import type { World } from '../world';
import { ApiRefusal } from './refusal';

/** Codes of wx.login and of the phone-number button live five minutes. */
export const CODE_LIFETIME_MS = 5 * 60_000;

/** Refuses wrong credentials the way every credential-taking call does: 41002, 40013, 41004, 40125. */
export function checkAppCredentials(
  world: World,
  appId: string | undefined,
  secret: string | undefined,
): void {
  if (!appId) throw new ApiRefusal(41002, 'appid missing');
  if (appId !== world.identity.appId) throw new ApiRefusal(40013, 'invalid appid');
  if (!secret) throw new ApiRefusal(41004, 'appsecret missing');
  if (secret !== world.identity.appSecret) throw new ApiRefusal(40125, 'invalid appsecret');
}

/**
 * Exchanges a login code for the openid and a new session key (mini-program login, jscode2session).
 * Throws 40002, 41008, 40029 (unknown or expired code), 40163 (used code) and the credential errors.
 */
export function exchangeLoginCode(world: World, query: URLSearchParams): Record<string, unknown> {
  checkAppCredentials(world, query.get('appid') ?? undefined, query.get('secret') ?? undefined);
  if (query.get('grant_type') !== 'authorization_code') throw new ApiRefusal(40002, 'invalid grant_type');
  const jsCode = query.get('js_code');
  if (!jsCode) throw new ApiRefusal(41008, 'missing code');
  const minted = Object.hasOwn(world.state.loginCodes, jsCode) ? world.state.loginCodes[jsCode] : undefined;
  if (!minted) throw new ApiRefusal(40029, 'invalid code');
  if (minted.usedAt !== undefined) throw new ApiRefusal(40163, 'code been used');
  if (world.now() - minted.mintedAt > CODE_LIFETIME_MS) throw new ApiRefusal(40029, 'invalid code');

  const shopper = world.state.shoppers[minted.openid];
  if (!shopper) throw new ApiRefusal(40029, 'invalid code');
  minted.usedAt = world.now();
  shopper.lastVisitAt = world.now();
  shopper.sessionKey = randomBytes(16).toString('base64');
  world.changed();
  return {
    openid: shopper.openid,
    session_key: shopper.sessionKey,
    ...(shopper.unionid !== undefined && { unionid: shopper.unionid }),
  };
}
