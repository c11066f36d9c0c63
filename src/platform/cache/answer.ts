import { createHash } from 'node:crypto';

/** An answer that is the same for everybody: its bytes, and what it was made from. */
export interface Answer {
  body: Buffer;
  /** Strong validator (RFC 9110, 8.8.3), quotes included. */
  etag: string;
  /** What it was made from; a change of any of them makes it worthless. */
  tags: readonly string[];
}

/** How long an answer is taken as it is, and how long it may still be given while it is read anew; milliseconds since its reading began. */
export interface Life {
  freshMs: number;
  staleMs: number;
}

/** What a reading brings: the body as an object, and its tags. */
export interface Reading {
  body: unknown;
  tags: readonly string[];
}

export function toAnswer({ body, tags }: Reading): Answer {
  const bytes = Buffer.from(JSON.stringify(body));
  return { body: bytes, etag: `"${createHash('sha1').update(bytes).digest('base64url')}"`, tags };
}

/** One line that says what it is made of, then the body as it goes out. */
export const packAnswer = ({ body, etag, tags }: Answer): string =>
  `${JSON.stringify({ etag, tags })}\n${body.toString('utf8')}`;

/** Throws for anything `packAnswer` has not written. */
export function unpackAnswer(text: string): Answer {
  const end = text.indexOf('\n');
  const { etag, tags } = JSON.parse(text.slice(0, end)) as { etag: string; tags: string[] };
  if (typeof etag !== 'string' || !Array.isArray(tags)) throw new Error('not an answer of the cache');
  return { body: Buffer.from(text.slice(end + 1)), etag, tags };
}
