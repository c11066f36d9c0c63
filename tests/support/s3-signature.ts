/**
 * AWS Signature Version 4 as a server checks it, from Amazon's description ("Authenticating Requests: Using the
 * Authorization Header", Amazon S3 API Reference). Written for the tests alone, apart from the SDK it judges.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface SignatureRules {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Handed in where an example of another year is checked. */
  now?: () => number;
}

/** A refusal in S3's own words. */
export class S3Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message = code,
  ) {
    super(message);
  }
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 15 * 60_000;
/** Left unsigned, any of them could be changed on the way. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-content-sha256'];

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** RFC 3986, as S3 wants it: all but letters, digits and -._~ escaped, once. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

interface Claims {
  keyId: string;
  date: string;
  region: string;
  service: string;
  end: string;
  signedHeaders: string[];
  signature: string;
}

function readAuthorization(header: string | undefined): Claims {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/([^/,]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      header ?? '',
    );
  if (match === null) throw new S3Refusal(403, 'AccessDenied', 'no Signature Version 4 in the header');
  const [, keyId = '', date = '', region = '', service = '', end = '', names = '', signature = ''] = match;
  return { keyId, date, region, service, end, signedHeaders: names.split(';'), signature };
}

function checkTime(stamp: string, now: number): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (match === null) throw new S3Refusal(403, 'AccessDenied', 'x-amz-date is no time');
  const [year = 0, month = 0, day, hour, minute, second] = match.slice(1).map(Number);
  const skew = Math.abs(Date.UTC(year, month - 1, day, hour, minute, second) - now);
  if (skew > MAX_SKEW_MS) throw new S3Refusal(403, 'RequestTimeTooSkewed');
}

function checkScope(claims: Claims, stamp: string, rules: SignatureRules): void {
  if (claims.keyId !== rules.accessKeyId) throw new S3Refusal(403, 'InvalidAccessKeyId');
  if (claims.region !== rules.region) throw new S3Refusal(400, 'AuthorizationHeaderMalformed', 'region');
  if (claims.service !== 's3' || claims.end !== 'aws4_request' || claims.date !== stamp.slice(0, 8))
    throw new S3Refusal(400, 'AuthorizationHeaderMalformed', 'scope');
}

/** Throws an S3Refusal unless the request was signed with the rules' secret, over these very bytes. */
export function checkSignature(request: IncomingMessage, body: Buffer, rules: SignatureRules): void {
  const headers = request.headers as Record<string, string | undefined>;
  const claims = readAuthorization(headers.authorization);
  const stamp = headers['x-amz-date'] ?? '';
  checkTime(stamp, (rules.now ?? Date.now)());
  checkScope(claims, stamp, rules);
  const amz = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  const unsigned = [...MUST_BE_SIGNED, ...amz].filter((name) => !claims.signedHeaders.includes(name));
  if (unsigned.length > 0) throw new S3Refusal(403, 'AccessDenied', `not signed: ${unsigned.join(', ')}`);
  const hash = headers['x-amz-content-sha256'] ?? '';
  if (hash !== sha256(body)) throw new S3Refusal(400, 'XAmzContentSHA256Mismatch');

  const url = new URL(request.url ?? '/', 'http://host');
  const canonicalRequest = [
    request.method,
    decodeURIComponent(url.pathname).split('/').map(encode).join('/'),
    canonicalQuery(url.searchParams),
    ...claims.signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    claims.signedHeaders.join(';'),
    hash,
  ].join('\n');
  const scope = [claims.date, claims.region, claims.service, claims.end];
  const text = [ALGORITHM, stamp, scope.join('/'), sha256(canonicalRequest)].join('\n');
  const key = scope.reduce<Buffer | string>(
    (previous, part) => hmac(previous, part),
    `AWS4${rules.secretAccessKey}`,
  );
  if (!timingSafeEqual(hmac(key, text), Buffer.from(claims.signature, 'hex')))
    throw new S3Refusal(403, 'SignatureDoesNotMatch');
}
