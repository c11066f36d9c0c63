import { timeMessage } from '../metrics';
import { runWithRequest } from '../request/context';
import { traceMessage } from '../tracing/outbox-hop';
import type { OutboxMessage } from './claim';
import { contextOf } from './origin';
import type { MessageHandler } from './topic';

/** A handler that did not end in time. It may go on in the background, its result counts no more. */
export class TimeLimitError extends Error {
  constructor(topic: string, limitMs: number) {
    super(`${topic} did not end within ${limitMs} ms`);
    this.name = 'TimeLimitError';
  }
}

/** After the signal a handler may still bring its step to an end, so that the next try does not meet it. */
const LAST_STEP_MS = 2_000;

/**
 * Runs a handler until it ends, its limit is over or `abort` says so; the handler hears of the latter two through its
 * signal. Rejects with the handler's error, a TimeLimitError, or the reason of the abort.
 */
export async function runAttempt(
  handle: MessageHandler,
  message: OutboxMessage,
  { abort, limitMs }: { abort: AbortController; limitMs: number },
): Promise<Date | void> {
  const limit = setTimeout(() => abort.abort(new TimeLimitError(message.topic, limitMs)), limitMs);
  let lastStep: NodeJS.Timeout | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const give = () => {
      lastStep = setTimeout(() => reject(abort.signal.reason as Error), LAST_STEP_MS);
    };
    if (abort.signal.aborted) give();
    else abort.signal.addEventListener('abort', give, { once: true });
  });
  const work = Promise.resolve().then(() =>
    runWithRequest(contextOf(message), () =>
      traceMessage(message, () =>
        timeMessage(message.topic, () => handle(message, { signal: abort.signal })),
      ),
    ),
  );
  // The race has been decided when it fails late: nobody waits for it any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(limit);
    clearTimeout(lastStep);
  }
}
