import { createHmac, timingSafeEqual } from 'node:crypto';

import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** What one of our tokens says, once its signature is known to be ours. */
export interface SignedToken {
  type: 'access' | 'refresh';
  userId: number;
  sessionId: string;
  isExpired: boolean;
  expiresAtMs: number;
}

const headerSchema = z.object({ alg: z.literal('HS256') });
const payloadSchema = z.object({
  type: z.enum(['access', 'refresh']),
  userId: z.coerce.number().int().positive(),
  sessionId: z.string().min(1),
  exp: z.number(),
});

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** True for a text in the form of a JSON Web Token; Strapi's own API tokens are plain hexadecimal. */
export const looksLikeSignedToken = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

type Claims = Omit<SignedToken, 'isExpired'>;

/** Ours are far shorter; one that was padded is read anew each time. */
const LONGEST_KNOWN = 1_024;
/** Tokens that were read before: a shopper sends the same one for minutes, and each request asks twice. */
const known = new LRUCache<string, { secret: string; claims: Claims }>({ max: 5_000 });

/** What a token says, or undefined when it is not signed with the secret or says something else. */
function readClaims(token: string, secret: string): Claims | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !headerSchema.safeParse(parsePart(header)).success) return undefined;
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const parsed = payloadSchema.safeParse(parsePart(payload));
  if (!parsed.success) return undefined;
  const { exp, ...claims } = parsed.data;
  return { ...claims, expiresAtMs: exp * 1000 };
}

/**
 * Reads a token the session manager made, or undefined for anything we did not sign. Why not its own validation: it
 * says only "not valid", and a caller must be told an expired token from a forged one, and a spent refresh token from
 * an unknown one.
 */
export function readSignedToken(token: string, secret: string, nowMs = Date.now()): SignedToken | undefined {
  const earlier = known.get(token);
  const claims = earlier?.secret === secret ? earlier.claims : readClaims(token, secret);
  if (claims === undefined) return undefined;
  if (earlier?.claims !== claims && token.length <= LONGEST_KNOWN) known.set(token, { secret, claims });
  return { ...claims, isExpired: claims.expiresAtMs <= nowMs };
}

/** The secret all tokens of the shop's own users are signed with. */
export const tokenSecret = (): string => strapi.config.get<string>('plugin::users-permissions.jwtSecret');
