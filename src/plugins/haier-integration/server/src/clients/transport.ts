/**
 * The door to both systems. An attempt passes the guard (no outside call while a transaction is open), the host's circuit and
 * the limit of calls a second, in this order, and never repeats by itself.
 */
import { setTimeout as pause } from 'node:timers/promises';

import axios, { type AxiosInstance } from 'axios';

import type { CallLimit } from './call-limit';
import type { Circuits } from './circuits';
import { CallFailure, failureOfStatus } from './failure';
import { type Answer, openOnLine, type OutgoingCall, sendOnLine, type StreamedAnswer } from './line';

export const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** Ten thousand products are some six megabytes; a list without an end must end all the same. */
const MAX_STREAM_BYTES = 512 * 1024 * 1024;

export interface Transport {
  /** Throws where nothing may be asked of the outside: a mistake of the program, so no HaierError. */
  guard(): void;
  /** Resolves with an answer that has a meaning of its own: below 500 and not 429. Throws HaierError. */
  send(call: OutgoingCall): Promise<Answer>;
  /** The same for a body that is read as it comes. */
  open(call: OutgoingCall): Promise<StreamedAnswer>;
}

export interface TransportOptions {
  guard: () => void;
  circuits: Circuits;
  limit: CallLimit;
  timeoutMs?: number;
  maxAnswerBytes?: number;
  /** Handed in by tests. */
  http?: AxiosInstance;
}

export function createTransport(options: TransportOptions): Transport {
  const { guard, circuits, limit, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const http = options.http ?? axios.create();
  const whole = { http, timeoutMs, maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES };
  const streamed = { http, timeoutMs, maxAnswerBytes: MAX_STREAM_BYTES };

  async function takeTurn(call: OutgoingCall, host: string): Promise<void> {
    const wait = await limit.reserve(host);
    const here = { origin: 'here' } as const;
    const place = { system: call.system, operation: call.operation, kind: 'unavailable' } as const;
    if (wait === undefined)
      throw new CallFailure({ ...place, upstreamMessage: 'not asked, too many calls are waiting' }, here);
    try {
      if (wait > 0) await pause(wait, undefined, { signal: call.signal });
    } catch {
      throw new CallFailure({ ...place, upstreamMessage: 'stopped by the caller' }, here);
    }
  }

  function pass<T extends { status: number; headers: Record<string, string> }>(
    call: OutgoingCall,
    attempt: () => Promise<T>,
    refuse: (answer: T) => void,
  ): Promise<T> {
    guard();
    const { host } = new URL(call.url);
    return circuits.pass({ ...call, host }, async () => {
      await takeTurn(call, host);
      const answer = await attempt();
      const failure = failureOfStatus(call, answer.status, answer.headers);
      if (failure === undefined) return answer;
      refuse(answer);
      throw failure;
    });
  }

  return {
    guard,
    send: async (call) =>
      pass(
        call,
        () => sendOnLine(whole, call),
        () => undefined,
      ),
    open: async (call) =>
      pass(
        call,
        () => openOnLine(streamed, call),
        ({ close }) => close(),
      ),
  };
}
