import { join } from 'node:path';

import type { Page } from 'playwright-core';

import type { Visiting } from './browser';
import type { ShopForBrowsing } from './shop';

const PICTURES = join(__dirname, '../../docs/pictures');
export const CONTENT = '/admin/content-manager/collection-types';

/** Longer than Strapi shows a toast. */
const TOAST_MS = 4_000;

/** A browser in the panel of a shop. */
export type Visit = Visiting<ShopForBrowsing>;

/** Waits until toasts and spinners of what was done before are gone: they do not belong in a picture. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page
    .getByRole('status')
    .filter({ hasText: /./ })
    .first()
    .waitFor({ state: 'hidden', timeout: TOAST_MS })
    .catch(() => undefined);
  await page.mouse.move(0, 0);
}

/** Takes a picture for the docs, when pictures are wanted; of the window as it is, or of one of this size. */
export async function picture(
  page: Page,
  name: string,
  size?: { width: number; height: number },
): Promise<void> {
  if (process.env.PICTURES !== 'true') return;
  await shoot(page, join(PICTURES, name), size);
}

/** Settles and takes a picture, in a window of this size where one is given. */
export async function shoot(
  page: Page,
  path: string,
  size?: { width: number; height: number },
): Promise<void> {
  const before = page.viewportSize();
  if (size !== undefined) await page.setViewportSize(size);
  await settle(page);
  await page.screenshot({ path, animations: 'disabled' });
  if (size !== undefined && before !== null) await page.setViewportSize(before);
}
