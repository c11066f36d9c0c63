interface Appointment {
  key: string;
  dueAtMs: number;
  run: () => void | Promise<void>;
}

/** setTimeout overflows above this and would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The sandbox's own time: it runs with the machine's clock, shifted by an offset that tests and the page can move.
 * Work due later (notification retries, refund settlement) is kept as appointments in this time.
 */
export class VirtualClock {
  private readonly appointments = new Map<string, Appointment>();
  private timer: NodeJS.Timeout | undefined;
  private moves: Promise<void> = Promise.resolve();
  private moving = false;

  constructor(
    private offsetMs: number,
    private readonly onShift: (offsetMs: number) => void,
  ) {}

  /** Sandbox time, epoch ms. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  /** Runs `run` once when sandbox time reaches `dueAtMs`; the same key again replaces the earlier appointment. */
  schedule(key: string, dueAtMs: number, run: Appointment['run']): void {
    this.appointments.set(key, { key, dueAtMs, run });
    this.arm();
  }

  cancel(key: string): void {
    this.appointments.delete(key);
    this.arm();
  }

  /** Forgets every appointment and stops the timer. */
  clear(): void {
    this.appointments.clear();
    this.arm();
  }

  /**
   * Moves time forward by `ms`; resolves after everything that fell due has run, each at its own due time.
   * Rejects with RangeError when `ms` is negative or not finite.
   */
  advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0)
      return Promise.reject(new RangeError('advance needs a number of ms >= 0'));
    return this.enqueue(() => this.stepTo(this.now() + ms));
  }

  /** Sets the time (epoch ms): forward like `advance`, backward without running anything. */
  set(epochMs: number): Promise<void> {
    if (!Number.isFinite(epochMs)) return Promise.reject(new RangeError('set needs a valid time'));
    return this.enqueue(async () => {
      if (epochMs >= this.now()) return this.stepTo(epochMs);
      this.shift(epochMs - this.now());
      this.arm();
    });
  }

  private enqueue(move: () => Promise<void>): Promise<void> {
    // One move at a time: two overlapping ones would each think the other's step was real time passing.
    const result = this.moves.then(move);
    this.moves = result.catch(() => undefined);
    return result;
  }

  private async stepTo(targetMs: number): Promise<void> {
    this.moving = true;
    try {
      for (let next = this.earliest(targetMs); next; next = this.earliest(targetMs)) {
        this.appointments.delete(next.key);
        this.shift(Math.max(0, next.dueAtMs - this.now()));
        await next.run();
      }
      this.shift(Math.max(0, targetMs - this.now()));
    } finally {
      this.moving = false;
      this.arm();
    }
  }

  private shift(byMs: number): void {
    if (byMs === 0) return;
    this.offsetMs += byMs;
    this.onShift(this.offsetMs);
  }

  private earliest(untilMs: number): Appointment | undefined {
    let first: Appointment | undefined;
    for (const candidate of this.appointments.values()) {
      if (candidate.dueAtMs <= untilMs && (!first || candidate.dueAtMs < first.dueAtMs)) first = candidate;
    }
    return first;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.moving ? undefined : this.earliest(Infinity);
    if (!next) return;
    const waitMs = Math.min(Math.max(0, next.dueAtMs - this.now()), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => this.runDue(), waitMs);
    this.timer.unref();
  }

  private runDue(): void {
    // Not awaited: a delivery that hangs must not keep the other appointments of real time waiting.
    for (let next = this.earliest(this.now()); next; next = this.earliest(this.now())) {
      this.appointments.delete(next.key);
      void next.run();
    }
    this.arm();
  }
}
