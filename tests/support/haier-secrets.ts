import { randomBytes } from 'node:crypto';

import type { TestApp } from './app';

/** A secret nobody else has, so that finding it anywhere proves a leak. */
export const newSecret = (): string => randomBytes(18).toString('hex');

/** Everything the shop says while it is listened to. */
export interface Ear {
  heard(): string;
  stop(): void;
}

/** Listens to the shop's log at every level. */
export function listenToLog(app: TestApp): Ear {
  const words: string[] = [];
  const spies = (['error', 'warn', 'info', 'debug', 'http'] as const).map((level) =>
    jest.spyOn(app.strapi.log, level).mockImplementation(((...said: unknown[]) => {
      words.push(said.map((each) => (each instanceof Error ? (each.stack ?? '') : String(each))).join(' '));
    }) as never),
  );
  return { heard: () => words.join('\n'), stop: () => spies.forEach((spy) => spy.mockRestore()) };
}
