/** A little less than a second, because calls sent a second apart may arrive closer together. */
const WINDOW_MS = 900;

/** Counts calls by the machine's clock, whatever the sandbox's says: a limit is about load. */
export class CallRate {
  private times: number[] = [];
  private highest = 0;

  /** Notes a call. False when it is one too many for this second. */
  admit(limit: number): boolean {
    const now = performance.now();
    this.times = this.times.filter((time) => now - time < WINDOW_MS);
    this.times.push(now);
    this.highest = Math.max(this.highest, this.times.length);
    return this.times.length <= limit;
  }

  /** Most calls seen within a second. */
  get peak(): number {
    return this.highest;
  }

  reset(): void {
    this.times = [];
    this.highest = 0;
  }
}
