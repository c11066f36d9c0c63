import { randomBytes } from 'node:crypto';
import { beijingDay } from '../beijing-time';
import type { AccessToken, TokenKind } from '../state';
import type { World } from '../world';
import type { JsonObject } from './json-input';
import { text } from './json-input';
import { checkAppCredentials } from './login';
import { ApiRefusal } from './refusal';

const LIFETIME_MS = 7_200_000;
/** The platform replaces a stable token this long before its end and honours both until then. */
const OVERLAP_MS = 300_000;
const FORCED_GAP_MS = 30_000;
const FORCED_PER_DAY = 20;
/** Callers must be able to store 512 characters, so tokens have exactly that many. */
const TOKEN_BYTES = 384;

function issue(world: World, kind: TokenKind): AccessToken {
  const now = world.now();
  const token: AccessToken = {
    kind,
    value: randomBytes(TOKEN_BYTES).toString('base64url'),
    issuedAt: now,
    expiresAt: now + LIFETIME_MS,
  };
  // Expired ones are kept for a day so that a late caller hears 42001 rather than 40014.
  world.state.tokens = [...world.state.tokens.filter((old) => now - old.expiresAt < 86_400_000), token];
  world.changed();
  return token;
}

function latest(world: World, kind: TokenKind): AccessToken | undefined {
  return world.state.tokens.filter((token) => token.kind === kind && token.replacedAt === undefined).at(-1);
}

function answer(world: World, token: AccessToken): Record<string, unknown> {
  return { access_token: token.value, expires_in: Math.round((token.expiresAt - world.now()) / 1000) };
}

/** Whether a forced refresh takes effect now. Throws 45009 when the day's allowance is used up. */
function mayForce(world: World): boolean {
  const today = beijingDay(world.now());
  const forcedToday = world.state.forcedRefreshes.filter((at) => beijingDay(at) === today);
  if (forcedToday.length >= FORCED_PER_DAY) throw new ApiRefusal(45009, 'reach max api daily quota limit');
  const last = forcedToday.at(-1);
  if (last !== undefined && world.now() - last < FORCED_GAP_MS) return false;
  world.state.forcedRefreshes = [...forcedToday, world.now()];
  return true;
}

/**
 * Stable access token: the same value until five minutes before its end; `force_refresh` kills the old one at once, at
 * most 20 times a day and 30 s apart. Throws 40002, 45009 and the credential errors.
 */
export function stableToken(world: World, body: JsonObject): Record<string, unknown> {
  if (body.grant_type !== 'client_credential') throw new ApiRefusal(40002, 'invalid grant_type');
  checkAppCredentials(world, text(body.appid), text(body.secret));
  const force = body.force_refresh;
  if (force !== undefined && typeof force !== 'boolean') throw new ApiRefusal(47001, 'data format error');

  const current = latest(world, 'stable');
  if (force === true && mayForce(world)) {
    if (current) current.replacedAt = world.now();
    return answer(world, issue(world, 'stable'));
  }
  if (current && current.expiresAt - world.now() > OVERLAP_MS) return answer(world, current);
  return answer(world, issue(world, 'stable'));
}

/** The older token call: every one of them makes a new token and ends the one before. Throws like `stableToken`. */
export function legacyToken(world: World, query: URLSearchParams): Record<string, unknown> {
  if (query.get('grant_type') !== 'client_credential') throw new ApiRefusal(40002, 'invalid grant_type');
  checkAppCredentials(world, query.get('appid') ?? undefined, query.get('secret') ?? undefined);
  const current = latest(world, 'legacy');
  if (current) current.replacedAt = world.now();
  return answer(world, issue(world, 'legacy'));
}

/** Lets a call pass with a live token. Throws 41001 missing, 40014 never issued, 42001 expired, 40001 replaced. */
export function checkAccessToken(world: World, value: string | null): void {
  if (!value) throw new ApiRefusal(41001, 'access_token missing');
  const token = world.state.tokens.find((candidate) => candidate.value === value);
  if (!token) throw new ApiRefusal(40014, 'invalid access_token');
  if (world.now() >= token.expiresAt) throw new ApiRefusal(42001, 'access_token expired');
  if (token.replacedAt !== undefined) {
    throw new ApiRefusal(40001, 'invalid credential, access_token is invalid or not latest,');
  }
}
