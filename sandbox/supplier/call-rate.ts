/** A little less than a second, because calls sent a second apart may arrive closer together. */
const WINDOW_MS = 900;

/** Counts calls by the machine's clock, whatever the sandbox's says: a limit is about load. */
export class CallRate {
  private seen: number[] = [];
  private admitted: number[] = [];
  private highest = 0;

  constructor(private readonly readMs: () => number = () => performance.now()) {}

  /** Notes a call. False when it is one too many for this second; such a one does not count against the next. */
  admit(limit: number): boolean {
    const now = this.readMs();
    this.seen = [...this.seen.filter((time) => now - time < WINDOW_MS), now];
    this.highest = Math.max(this.highest, this.seen.length);
    this.admitted = this.admitted.filter((time) => now - time < WINDOW_MS);
    if (this.admitted.length >= limit) return false;
    this.admitted.push(now);
    return true;
  }

  /** Most calls seen within a second. */
  get peak(): number {
    return this.highest;
  }

  reset(): void {
    this.seen = [];
    this.admitted = [];
    this.highest = 0;
  }
}
