/** Every page as it is before anything has been set up, and as it is when its route fails. */
import type { Page, Route } from 'playwright-core';

import {
  card,
  type HaierVisit,
  LANGUAGES,
  look,
  open,
  PAGES,
  type PanelLanguage,
  type PluginPage,
  textIn,
} from './visit';

export async function adminSignsIn({ page, at, admin }: HaierVisit): Promise<void> {
  await page.goto(at('/admin/auth/login'));
  await page.locator('input[name="email"]').fill(admin.email);
  await page.locator('input[name="password"]').fill(admin.password);
  await page.locator('button[type="submit"]').click();
  await page.getByText('今日待办').waitFor();
  await page.getByRole('link', { name: '海尔与易理货' }).click();
  await page.getByRole('heading', { name: '海尔与易理货', level: 1 }).waitFor();
}

/** What each page says while there is nothing to show. */
const EMPTY: Record<PluginPage, (page: Page, language: PanelLanguage) => Promise<void>> = {
  async overview(page, language) {
    for (const system of ['system.haier', 'system.ylh'] as const) {
      const connection = card(page, textIn(language, system));
      await connection.getByText(textIn(language, 'connection.not_configured'), { exact: true }).waitFor();
      await connection.getByRole('link', { name: textIn(language, 'connection.set') }).waitFor();
    }
    await card(page, textIn(language, 'balance')).getByText(textIn(language, 'balance.no-account')).waitFor();
    await card(page, textIn(language, 'last-syncs')).getByText(textIn(language, 'never')).nth(3).waitFor();
    await card(page, textIn(language, 'hours')).getByText(textIn(language, 'hours.none')).waitFor();
  },
  async syncs(page, language) {
    await page.getByText(textIn(language, 'sync.none')).waitFor();
    await page.getByText(textIn(language, 'mapping.none')).waitFor();
  },
  async orders(page, language) {
    await page.getByText(textIn(language, 'order.none-to-do')).waitFor();
  },
  async calls(page, language) {
    await page.getByText(textIn(language, 'call.none-yet')).waitFor();
  },
  async settings(page, language) {
    await page.getByPlaceholder(textIn(language, 'secret.not-set')).first().waitFor();
    await card(page, textIn(language, 'changes')).getByText(textIn(language, 'changes.none')).waitFor();
  },
};

export async function pagesAreEmpty(visit: HaierVisit): Promise<void> {
  for (const language of LANGUAGES)
    for (const name of PAGES) {
      await open(visit, name, language);
      await EMPTY[name](visit.page, language);
      await look(visit.page, `empty-${name}`, language);
    }
}

/** The plugin's route answers 500, then nothing at all; "try again" brings the page. */
export async function pagesFail(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  visit.mayComplain(/Failed to load resource/);
  for (const language of LANGUAGES)
    for (const name of PAGES) {
      const pattern = new RegExp(`/haier-integration/${name}(\\?|$)`);
      const failing = (route: Route) =>
        route.request().resourceType() === 'document'
          ? route.continue()
          : route.fulfill({
              status: 500,
              json: {
                data: null,
                error: { status: 500, name: 'InternalServerError', message: 'Internal Server Error' },
              },
            });
      await page.route(pattern, failing);
      await open(visit, name, language);
      const alert = page
        .getByRole('alert')
        .filter({ has: page.getByRole('button', { name: textIn(language, 'again') }) });
      await alert.first().getByText(textIn(language, 'error.500')).waitFor();
      await look(page, `error-${name}`, language);
      await page.unroute(pattern, failing);
      await alert
        .first()
        .getByRole('button', { name: textIn(language, 'again') })
        .click();
      await alert.first().waitFor({ state: 'detached' });
      await EMPTY[name](page, language);
    }
}

/** Nobody answers: the shop is away, or the network. */
export async function shopIsAway(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  visit.mayComplain(/Failed to load resource/);
  for (const language of LANGUAGES) {
    const pattern = /\/haier-integration\/overview$/;
    await page.route(pattern, (route) =>
      route.request().resourceType() === 'document' ? route.continue() : route.abort(),
    );
    await open(visit, 'overview', language);
    await page.getByRole('alert').getByText(textIn(language, 'error.network')).waitFor();
    await look(page, 'error-network', language);
    await page.unroute(pattern);
    await page.getByRole('button', { name: textIn(language, 'again') }).click();
    await EMPTY.overview(page, language);
  }
}
