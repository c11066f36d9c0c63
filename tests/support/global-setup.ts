import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bootOnce } from './boot';
import { createDatabase, databaseUrl } from './postgres';
import type { TestRun } from './test-run';

/**
 * Makes one empty, migrated database per run; every suite works on a copy of it, which is much faster than letting
 * Strapi build its tables again.
 */
export default async function globalSetup(): Promise<void> {
  process.env.NODE_ENV = 'test';
  const folder = mkdtempSync(join(tmpdir(), 'shop-test-'));
  mkdirSync(join(folder, 'databases'));
  const kind = process.env.TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite';
  const template = `shop_template_${randomBytes(5).toString('hex')}`;
  const run: TestRun = { folder, kind, template };
  process.env.SHOP_TEST_RUN = JSON.stringify(run);
  if (kind === 'postgres') await createDatabase(template);
  await bootOnce(
    kind === 'postgres'
      ? { DATABASE_CLIENT: 'postgres', DATABASE_URL: databaseUrl(template) }
      : { DATABASE_CLIENT: 'sqlite', DATABASE_FILENAME: join(folder, 'template.db') },
  );
}
