import { join } from 'node:path';

import type { Page } from 'playwright-core';

import type { ShopForBrowsing } from './shop';

const PICTURES = join(__dirname, '../../docs/pictures');
export const CONTENT = '/admin/content-manager/collection-types';

/** A browser in the panel of a shop. */
export interface Visit extends ShopForBrowsing {
  page: Page;
  at(path: string): string;
}

/** Takes a picture for the docs, when pictures are wanted. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES !== 'true') return;
  // Toasts and spinners of what was done before do not belong in a picture.
  await page.waitForLoadState('networkidle');
  await page
    .getByRole('status')
    .filter({ hasText: /./ })
    .first()
    .waitFor({ state: 'hidden' })
    .catch(() => undefined);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, name), animations: 'disabled' });
}
