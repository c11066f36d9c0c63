import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** So much of a body that nobody vouches for is kept. */
const BEGINNING_BYTES = 1_024;
/** Who sends on beyond either of these is not waited for. */
const MAX_PASSED_BYTES = 32 * 1024 * 1024;
const MAX_WAIT_MS = 5_000;

/** What is left of a body that is not kept. */
export interface BodyTrace {
  /** SHA-256 of what was read, hexadecimal. */
  digest: string;
  beginning: Buffer;
  /** Bytes that were read. */
  size: number;
  /** False when the sender was not waited for to the end. */
  isWhole: boolean;
}

/** Bodies whose rest nobody waits for any more. */
const givenUp = new WeakSet<IncomingMessage>();

/**
 * Lets the rest of a body pass, each piece of it to `take`, up to 32 MB and 5 s; nothing of it is kept. To be done before
 * an answer ends: Node closes a connection that is not kept as soon as the answer is out, and a sender that is still
 * sending then reads a reset in its place. Resolves to whether the body came to its end.
 */
export function letBodyPass(
  request: IncomingMessage,
  take: (piece: Buffer) => void = () => undefined,
): Promise<boolean> {
  if (givenUp.has(request)) return Promise.resolve(false);
  if (request.readableEnded || request.destroyed) return Promise.resolve(request.readableEnded);
  return new Promise((resolve) => {
    let size = 0;
    const onPiece = (piece: Buffer): void => {
      size += piece.length;
      take(piece);
      if (size > MAX_PASSED_BYTES) stop(false);
    };
    const onEnd = (): void => stop(true);
    const onBreak = (): void => stop(false);
    const timer = setTimeout(onBreak, MAX_WAIT_MS);
    const stop = (isWhole: boolean): void => {
      clearTimeout(timer);
      request.off('data', onPiece).off('end', onEnd).off('close', onBreak).off('error', onBreak);
      if (!isWhole) givenUp.add(request);
      resolve(isWhole);
    };
    request.on('data', onPiece).on('end', onEnd).on('close', onBreak).on('error', onBreak);
    request.resume();
  });
}

/** Follows a body of any size in bounded memory. */
class Tracer {
  private readonly hash: Hash = createHash('sha256');
  private beginning = Buffer.alloc(0);
  private size = 0;

  take(piece: Buffer): void {
    this.hash.update(piece);
    this.size += piece.length;
    const missing = BEGINNING_BYTES - this.beginning.length;
    if (missing > 0) this.beginning = Buffer.concat([this.beginning, piece.subarray(0, missing)]);
  }

  end(isWhole: boolean): BodyTrace {
    return { digest: this.hash.digest('hex'), beginning: this.beginning, size: this.size, isWhole };
  }
}

export function traceOf(body: Buffer): BodyTrace {
  const tracer = new Tracer();
  tracer.take(body);
  return tracer.end(true);
}

/** The bytes of a body of at most `maxBytes`; of a larger one, which is read on and let go, its trace. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | BodyTrace> {
  const pieces: Buffer[] = [];
  let size = 0;
  // A plain loop would destroy the request when it is left early, and the connection with it: no answer could be sent.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    pieces.push(piece);
    if (size > maxBytes) break;
  }
  if (size <= maxBytes) return Buffer.concat(pieces);
  const tracer = new Tracer();
  for (const piece of pieces.splice(0)) tracer.take(piece);
  return tracer.end(await letBodyPass(request, (piece) => tracer.take(piece)));
}
