/**
 * Many requests, one statement. Calls that arrive while an earlier round is under way wait for it and go together in
 * the next one, so the busier the shop the fewer round trips a request costs; a call that comes alone goes at once.
 */
import { AsyncResource } from 'node:async_hooks';

import { callerLink, traceTogether } from './tracing';

export interface BatchOptions<Input, Output> {
  name: string;
  /**
   * Does all of them. Resolves with one outcome per input, in their order; an `Error` fails that input alone. What it
   * throws fails every input of the round.
   */
  work: (inputs: Input[]) => Promise<(Output | Error)[]>;
  maxSize: number;
  /** How many rounds may be under way at once. */
  maxInFlight: number;
  /**
   * Further rounds begin only when those under way have been for this long: a short wait makes a fuller round, a long
   * one means that something holds them up. Without it they begin at once.
   */
  patienceMs?: number;
}

interface Waiting<Input, Output> {
  input: Input;
  /** Whose trace it belongs to. */
  caller: ReturnType<typeof callerLink>;
  resolve: (output: Output) => void;
  reject: (error: unknown) => void;
}

/**
 * A function that hands its input to the next round and resolves with its own outcome. Rounds belong to nobody: they run
 * outside the caller's transaction and request, so a caller with an open transaction must not use one.
 */
export function createBatcher<Input, Output>(
  options: BatchOptions<Input, Output>,
): (input: Input) => Promise<Output> {
  const { name, work, maxSize, maxInFlight, patienceMs = 0 } = options;
  const nobody = new AsyncResource(`batch:${name}`);
  let waiting: Waiting<Input, Output>[] = [];
  /** When each round under way began. */
  const inFlight = new Set<{ since: number }>();
  let isScheduled = false;
  let patience: NodeJS.Timeout | undefined;

  const runRound = async (round: Waiting<Input, Output>[]): Promise<void> => {
    try {
      const outcomes = await traceTogether(
        name,
        round.map(({ caller }) => caller),
        () => work(round.map(({ input }) => input)),
      );
      round.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome as Output);
      });
    } catch (error) {
      for (const { reject } of round) reject(error);
    }
  };

  /** How long the next round has yet to wait for those under way. */
  const yetToWaitMs = (): number => {
    const latest = Math.max(...[...inFlight].map(({ since }) => since));
    return patienceMs - (performance.now() - latest);
  };

  const startRounds = (): void => {
    isScheduled = false;
    while (waiting.length > 0 && inFlight.size < maxInFlight && !(yetToWaitMs() > 0)) {
      const round = waiting.slice(0, maxSize);
      waiting = waiting.slice(maxSize);
      const begun = { since: performance.now() };
      inFlight.add(begun);
      void runRound(round).finally(() => {
        inFlight.delete(begun);
        schedule();
      });
    }
    bePatient();
  };

  const bePatient = (): void => {
    if (patience !== undefined || waiting.length === 0 || inFlight.size >= maxInFlight) return;
    patience = setTimeout(
      () => {
        patience = undefined;
        schedule();
      },
      Math.max(yetToWaitMs(), 0),
    );
  };

  // Not at once: requests whose bytes arrived together are still being read.
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0 || inFlight.size >= maxInFlight) return;
    if (yetToWaitMs() > 0) return bePatient();
    isScheduled = true;
    nobody.runInAsyncScope(() => setImmediate(startRounds));
  };

  return (input) =>
    new Promise<Output>((resolve, reject) => {
      waiting.push({ input, caller: callerLink(), resolve, reject });
      schedule();
    });
}
