import type { World } from './world';

/** How long a call to the shop may take, in real time and in the sandbox's. */
export const CALL_TIMEOUT_MS = 5_000;

/** Keeps the calls to the shop that are under way, ends those that take too long, and can wait for or cut them all. */
export class Courier {
  private readonly inFlight = new Map<Promise<unknown>, AbortController>();
  private calls = 0;

  constructor(
    private readonly world: World,
    private readonly name: string,
  ) {}

  /** Runs a call in the background; its signal is aborted when it takes longer than it may. */
  run<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    const key = `${this.name}-timeout:${(this.calls += 1)}`;
    const done = this.perform(call, controller).finally(() => {
      this.world.clock.cancel(key);
      this.inFlight.delete(done);
    });
    this.inFlight.set(done, controller);
    // The limit counts sandbox time, so moving the clock is enough to run into it.
    this.world.clock.schedule(key, this.world.now() + CALL_TIMEOUT_MS, async () => {
      controller.abort();
      await done;
    });
    return done;
  }

  /** Resolves when no call is under way. */
  async idle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight.keys());
  }

  /** Cuts the calls under way. */
  async stop(): Promise<void> {
    for (const controller of this.inFlight.values()) controller.abort();
    await this.idle();
  }

  private async perform<Result>(
    call: (signal: AbortSignal) => Promise<Result>,
    controller: AbortController,
  ): Promise<Result> {
    // A turn of the loop first: the answer to whoever caused this leaves before the call does.
    await new Promise((next) => setImmediate(next));
    // Real time as well: while the clock is being moved, its own appointments wait for this call.
    const limit = setTimeout(() => controller.abort(), CALL_TIMEOUT_MS);
    try {
      return await call(controller.signal);
    } finally {
      clearTimeout(limit);
    }
  }
}
