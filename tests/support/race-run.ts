/** Runs races over seeds, and remembers what to write down about them. */
import { isLongRun, pause, seedsToRun } from './seeds';
import type { RaceAnswer, RaceShop } from './race-shop';

export interface Race {
  name: string;
  /** Seeds of the short run. */
  short: number;
  run(shop: RaceShop, seed: number): Promise<void>;
}

export interface RaceRecord {
  name: string;
  seeds: number;
  firstSeed: number;
  requests: number;
  seconds: number;
  endedAt: Date;
  failures: { seed: number; message: string }[];
}

export const RECORDS: RaceRecord[] = [];

/** Seeds of a long run that share a database. */
const SEEDS_OF_A_SHOP = 25;

/** Runs one race over its seeds, the audit after each, and throws with every seed that failed. */
export async function runRace(shop: RaceShop, race: Race): Promise<void> {
  const seeds = seedsToRun(race.short);
  const [started, before] = [Date.now(), shop.requests];
  const failures: RaceRecord['failures'] = [];
  let done = 0;
  for (const seed of seeds) {
    if (isLongRun && done % SEEDS_OF_A_SHOP === 0) await shop.renew();
    done += 1;
    try {
      await shop.keepSignedIn();
      await race.run(shop, seed);
      await shop.expectSound();
    } catch (error) {
      failures.push({ seed, message: error instanceof Error ? error.message : String(error) });
      // What this seed broke would be found again after every later one.
      break;
    }
  }
  RECORDS.push({
    name: race.name,
    seeds: done,
    firstSeed: seeds[0] ?? 0,
    requests: shop.requests - before,
    seconds: (Date.now() - started) / 1000,
    endedAt: new Date(),
    failures,
  });
  if (failures.length > 0) {
    const told = failures.map(
      ({ seed, message }) => `seed ${seed} failed (repeat it with SHOP_SEED=${seed}):\n${message}`,
    );
    throw new Error(told.join('\n'));
  }
}

/** Starts everything at once, each after its own pause; what one of them throws, all of it throws. */
export const together = (steps: { afterMs: number; act: () => Promise<unknown> }[]): Promise<unknown[]> =>
  Promise.all(
    steps.map(async ({ afterMs, act }) => {
      await pause(afterMs);
      return act();
    }),
  );

/** How many were sold; anything but "sold" and "sold out" is wrong. */
export function countSold(answers: RaceAnswer[]): number {
  const odd = answers.filter(
    ({ status, body }) => status !== 201 && !(status === 409 && body.error?.details?.code === 'OUT_OF_STOCK'),
  );
  if (odd.length > 0) throw new Error(`${odd.length} odd answers, e.g. ${JSON.stringify(odd[0])}`);
  return answers.filter(({ status }) => status === 201).length;
}
