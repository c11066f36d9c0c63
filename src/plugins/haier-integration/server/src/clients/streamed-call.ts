/** A call whose answer is a list too long to hold: its entries are handed over as they arrive. */
import { HaierError } from '../domain/errors';
import { openAnswer } from './answers';
import { beginAttempt } from './attempt';
import type { Caller } from './caller';
import { streamEntries, UnreadableStreamError } from './entry-stream';
import { isAccepted } from './envelope';
import type { HeldToken } from '../services/token-keeper';
import type { StreamedAnswer } from './line';
import { type CallState, newState, type ReadContext, type Request } from './operation';

/** As much of the body as the log keeps. */
const KEPT_BYTES = 4_096;
const MAX_REFUSAL_BYTES = 64 * 1024;

interface Kept {
  text: string;
  bytes: number;
}

async function* keepBeginning(pieces: AsyncIterable<Buffer>, kept: Kept): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    if (kept.bytes < KEPT_BYTES) kept.text += piece.subarray(0, KEPT_BYTES - kept.bytes).toString('utf8');
    kept.bytes += piece.length;
    yield piece;
  }
}

/** The body of a refusal, as far as it is of use. */
async function readRefusal(answer: StreamedAnswer): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer.pieces) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Entries as they are read from the envelope; a `success: false` at the end is thrown then. */
async function* readEntries(
  answer: StreamedAnswer,
  kept: Kept,
  { fail }: ReadContext,
): AsyncGenerator<unknown, undefined> {
  try {
    const envelope = yield* streamEntries(keepBeginning(answer.pieces, kept));
    if (envelope.success === false)
      throw fail('rejected', { status: answer.status, code: envelope.code, message: envelope.message });
  } catch (error) {
    if (!(error instanceof UnreadableStreamError)) throw error;
    throw fail('bad_answer', { status: answer.status, message: error.message });
  } finally {
    answer.close();
  }
}

/**
 * Makes the call and yields the entries of its list, one after the other. It is repeated like any other as long as no entry has
 * been handed over; a break after that is thrown. Throws HaierError.
 */
export async function* streamCall(caller: Caller, request: Request): AsyncGenerator<unknown> {
  const state = newState();
  const { first, rest, end } = await caller.repeat(request, state, () =>
    caller.withToken(request, state, (token) => open(caller, request, state, token)),
  );
  let failure: unknown;
  let entries = 0;
  let isWhole = false;
  try {
    for (let next = first; ; next = await rest.next()) {
      if (next.done === true) break;
      entries += 1;
      yield next.value;
    }
    isWhole = true;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await rest.return(undefined);
    await end(entries, isWhole, failure);
  }
}

/** One attempt, up to and with the first entry: until then nobody has seen anything of it. */
async function open(caller: Caller, request: Request, state: CallState, token: HeldToken | undefined) {
  const attempt = await beginAttempt(caller.log, request, state, token);
  const kept: Kept = { text: '', bytes: 0 };
  let status: number | undefined;
  const end = (entries: number, isWhole: boolean, failure: unknown): Promise<void> => {
    const answer = status === undefined ? undefined : { status, text: kept.text };
    if (failure instanceof HaierError) return attempt.end(failure.kind, answer, failure);
    attempt.context.remark(
      `${entries} entries, ${kept.bytes} bytes${isWhole ? '' : ', not read to the end'}`,
    );
    return attempt.end('ok', answer);
  };
  try {
    const answer = await caller.transport.open(attempt.request);
    ({ status } = answer);
    if (!isAccepted(answer)) {
      const { headers } = answer;
      kept.text = await readRefusal(answer);
      openAnswer({ status, headers, text: kept.text }, attempt.context);
    }
    const rest = readEntries(answer, kept, attempt.context);
    return { first: await rest.next(), rest, end };
  } catch (error) {
    await end(0, false, error);
    throw error;
  }
}
