import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import chinese from '../../../src/plugins/haier-integration/admin/src/translations/zh-Hans.json';
import english from '../../../src/plugins/haier-integration/admin/src/translations/en.json';
import type { Visiting } from '../browser';
import { shoot } from '../visit';
import type { HaierShop } from './shop';

export type HaierVisit = Visiting<HaierShop>;

export const LANGUAGES = ['zh-Hans', 'en'] as const;
export type PanelLanguage = (typeof LANGUAGES)[number];
type TextName = keyof typeof chinese & keyof typeof english;

/** A text of the plugin as the panel shows it. */
export function textIn(language: PanelLanguage, name: TextName): string {
  const text = (language === 'en' ? english : chinese)[name];
  if (text === undefined) throw new Error(`the plugin has no text ${name}`);
  return text;
}

export const PAGES = ['overview', 'syncs', 'orders', 'calls', 'settings'] as const;
export type PluginPage = (typeof PAGES)[number];

/** Chooses the panel's language, from the next page on. */
export const speak = (page: Page, language: PanelLanguage): Promise<unknown> =>
  page.evaluate(`window.localStorage.setItem('strapi-admin-language', '${language}')`);

/** Opens a page of the plugin in a language. */
export async function open(
  { page, at }: HaierVisit,
  path: string,
  language: PanelLanguage = 'zh-Hans',
): Promise<void> {
  await speak(page, language);
  await page.goto(at(`/admin/plugins/haier-integration/${path}`));
  await page.getByRole('navigation', { name: textIn(language, 'menu') }).waitFor();
}

/** A titled piece of a page. */
export const card = (page: Page, title: string | RegExp): Locator =>
  page.locator('main section').filter({ has: page.getByRole('heading', { name: title, level: 2 }) });

interface Seen {
  rawIds: string[];
  foreign: string[];
  unnamed: string[];
  isTooWide: boolean;
}

/** The half that runs in the browser, as text: the tests are compiled for Node, which has no document. */
const STUMBLING_BLOCKS = readFileSync(join(__dirname, 'stumbling-blocks.js'), 'utf8');

const PREFIXES = [...new Set(Object.keys(chinese).map((name) => name.split('.')[0] ?? ''))].filter(
  (prefix) => !['failed', 'test'].includes(prefix),
);

/** English a Chinese page may hold, and Chinese an English one may: names, and what the other side said. */
const ALLOWED = /易理货|售达方|送达方/;

/** Looks at the page as a person does, and keeps a picture of it where `E2E_PICTURES` names a folder. */
export async function look(
  page: Page,
  name: string,
  language: PanelLanguage = 'zh-Hans',
  within = 'main, [role=dialog], [role=alertdialog]',
): Promise<void> {
  if (process.env.E2E_PICTURES !== undefined)
    await shoot(page, join(process.env.E2E_PICTURES, `${name}-${language}.png`), {
      width: 1280,
      height: 1500,
    });
  else await page.waitForLoadState('networkidle');
  const seen = await page.evaluate<Seen>(
    `(${STUMBLING_BLOCKS})(${JSON.stringify({ language, prefixes: PREFIXES, within })})`,
  );
  assert.deepEqual(
    { ...seen, foreign: seen.foreign.filter((text) => !ALLOWED.test(text)) },
    { rawIds: [], foreign: [], unnamed: [], isTooWide: false },
    `${name} in ${language} reads well`,
  );
}
