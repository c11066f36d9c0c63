/** Fifty requests a second, whatever becomes of them, and what their answers were. */
import { setTimeout as sleep } from 'node:timers/promises';

import { codeOf, leaksOf, problemsOf } from '../hostile-answer';
import { createSender, type HostileAnswer } from '../hostile-client';
import type { Kind, Shoppers } from './requests';

export type Phase = 'before' | 'stopped' | 'after';

export interface Heard {
  kind: Kind;
  phase: Phase;
  /** Moments of `performance.now()`. */
  sentAt: number;
  ms: number;
  /** `201`, `503 UPSTREAM_UNAVAILABLE`, or `no answer`. */
  outcome: string;
  requestId: string;
  isOk: boolean;
  retryAfter: string | undefined;
  /** What is wrong with the answer as such, in words. */
  problems: string[];
}

const EVERY_MS = 20;
const NO_ANSWER: HostileAnswer = { status: 0, headers: {}, text: '' };

function hear(
  kind: Kind,
  answer: HostileAnswer,
): Pick<Heard, 'outcome' | 'isOk' | 'requestId' | 'retryAfter' | 'problems'> {
  const { status, headers } = answer;
  const requestId = String(headers['x-request-id'] ?? '');
  const isOk = status >= 200 && status < 300;
  if (status === 0)
    return {
      outcome: 'no answer',
      isOk,
      requestId,
      retryAfter: undefined,
      problems: [`${kind}: ${answer.text}`],
    };
  const code = codeOf(answer);
  // A refusal has the one face of rest-api.md and tells nothing; which codes are right, each outage says.
  const problems = isOk ? leaksOf(answer) : problemsOf(answer, { codes: code === undefined ? [] : [code] });
  const retryAfter = headers['retry-after'];
  return {
    outcome: code === undefined ? String(status) : `${status} ${code}`,
    isOk,
    requestId,
    retryAfter,
    problems: problems.map((problem) => `${kind}: ${problem}`),
  };
}

/** A load that goes on until it is stopped. */
export class Load {
  readonly heard: Heard[] = [];
  phase: Phase = 'before';
  private isOver = false;
  private readonly pending = new Set<Promise<void>>();
  private readonly sender: ReturnType<typeof createSender>;
  private readonly running: Promise<void>;

  constructor(
    origin: string,
    shoppers: Shoppers,
    private readonly kinds: readonly Kind[],
  ) {
    this.sender = createSender(origin, 512);
    this.running = this.run(shoppers);
  }

  /** No further requests; resolves when the last is answered. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.running;
    await Promise.all(this.pending);
    this.sender.close();
  }

  private async run(shoppers: Shoppers): Promise<void> {
    const startedAt = performance.now();
    for (let turn = 0; !this.isOver; turn += 1) {
      const sent = this.send(shoppers, this.kinds[turn % this.kinds.length] as Kind);
      this.pending.add(sent);
      void sent.finally(() => this.pending.delete(sent));
      await sleep(Math.max(0, startedAt + (turn + 1) * EVERY_MS - performance.now()));
    }
  }

  private async send(shoppers: Shoppers, kind: Kind): Promise<void> {
    const { request, hear: tell } = shoppers.next(kind);
    const asked = this.phase;
    const sentAt = performance.now();
    const answer = await this.sender
      .send(request)
      .catch((error: Error) => ({ ...NO_ANSWER, text: error.message }));
    tell?.(answer);
    // What was under way when it stopped is part of the outage.
    const phase = asked === 'before' ? this.phase : asked;
    this.heard.push({ kind, phase, sentAt, ms: performance.now() - sentAt, ...hear(kind, answer) });
  }
}
