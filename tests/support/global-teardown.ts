import { rmSync } from 'node:fs';

import { dropDatabase } from './postgres';
import { readTestRun } from './test-run';

export default async function globalTeardown(): Promise<void> {
  const { folder, kind, template } = readTestRun();
  if (kind === 'postgres') await dropDatabase(template);
  rmSync(folder, { recursive: true, force: true });
}
