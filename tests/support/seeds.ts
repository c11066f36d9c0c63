/** Randomness that can be repeated: a race is a function of its seed, as far as a race can be. */

export interface Dice {
  /** A whole number from 0 to `below` − 1. */
  int(below: number): number;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
  /** True once in `times`. */
  once(times: number): boolean;
}

/** Mulberry32: small, fast, and the same everywhere. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    pick: (from) => from[int(from.length)] as never,
    once: (times) => int(times) === 0,
    shuffle(list) {
      const mixed = [...list];
      for (let at = mixed.length - 1; at > 0; at -= 1) {
        const other = int(at + 1);
        [mixed[at], mixed[other]] = [mixed[other] as never, mixed[at] as never];
      }
      return mixed;
    },
  };
}

export const isLongRun = process.env.RACES === 'long';

/** SHOP_SEED repeats one seed; the long run takes RACE_SEEDS of them (100), the short one a few. */
export function seedsToRun(short: number): number[] {
  const one = process.env.SHOP_SEED;
  if (one !== undefined) return [Number(one)];
  const count = isLongRun ? Number(process.env.RACE_SEEDS ?? 100) : short;
  return Array.from({ length: count }, (_, index) => index + 1);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
