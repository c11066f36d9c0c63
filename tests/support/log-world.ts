/** A shop that writes its logs into a folder of its own, and what stands in them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compiled, startApp, type TestApp } from './app';
import { outside } from './boot';

export type Line = Record<string, unknown> & { message: string; level: string };

export interface LogWorld {
  app: TestApp;
  folder: string;
  /** What went to the console. */
  printed: string[];
  text(name: string): string;
  /** The lines of a file, after everything that waits is written. */
  lines(name: string): Promise<Line[]>;
  stop(): Promise<void>;
}

const logging = () => compiled<typeof import('../../src/platform/logging')>('src/platform/logging');

export async function startLogWorld(): Promise<LogWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-logs-'));
  const printed: string[] = [];
  const stdout = (outside('node:console') as unknown as { _stdout: NodeJS.WriteStream })._stdout;
  const spy = jest.spyOn(stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const app = await startApp({ LOG_LEVEL: 'debug', LOG_DIR: folder, LOG_FORMAT: 'json' });
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    app,
    folder,
    printed,
    text,
    async lines(name) {
      await logging().flushLogs();
      return text(name)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line);
    },
    async stop() {
      await app.stop();
      logging().closeLogs();
      spy.mockRestore();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
