import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { type Browser, chromium, type Page } from 'playwright-core';

import globalTeardown from '../support/global-teardown';

const VIEWPORT = { width: 1440, height: 900 };
const TIMEOUT_MS = 20_000;

/** A shop that is up, with the built panel. */
interface Shop {
  app: { url: string };
  stop(): Promise<void>;
}

/** What a step has at hand. */
export type Visiting<S extends Shop> = S & {
  page: Page;
  /** The address of a path of the shop. */
  at(path: string): string;
  /** From now on the browser may say this on its console; without a pattern nothing again. */
  mayComplain(pattern?: RegExp): void;
};

export type Steps<S extends Shop> = Record<string, (visit: Visiting<S>) => Promise<void>>;

/** What Strapi's own forms ask for although it belongs to its paid plans: answered 404 in every shop. */
const PAID_PLANS = /\/(admin\/ai-feature-config|i18n\/ai-localization-jobs)/;

/** Everything that went wrong in a page without a step having looked for it. */
function watch(page: Page, url: string): { crashes: string[]; mayComplain(pattern?: RegExp): void } {
  const crashes: string[] = [];
  let expected: RegExp | undefined;
  page.on('pageerror', (error) => crashes.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' || expected?.test(message.text()) === true) return;
    if (PAID_PLANS.test(message.location().url)) return;
    crashes.push(`console: ${message.text()} ${message.location().url}`);
  });
  // No telemetry, no news, no pictures of somebody else's: a shop's panel talks to its shop.
  page.on('request', (request) => {
    const address = request.url();
    if (/^https?:/.test(address) && !address.startsWith(url)) crashes.push(`asked ${address}`);
  });
  return { crashes, mayComplain: (pattern) => (expected = pattern) };
}

async function runSteps<S extends Shop>(browser: Browser, shop: S, steps: Steps<S>): Promise<number> {
  const page = await browser.newPage({ viewport: VIEWPORT, locale: 'de-DE', timezoneId: 'Asia/Shanghai' });
  page.setDefaultTimeout(TIMEOUT_MS);
  // Strapi draws panels and actions beside a form when the browser is idle, which on a busy machine may be never; without the
  // browser's own it takes a timer.
  await page.addInitScript('delete window.requestIdleCallback; delete window.cancelIdleCallback;');
  const { crashes, mayComplain } = watch(page, shop.app.url);
  const visit: Visiting<S> = { ...shop, page, at: (path) => `${shop.app.url}${path}`, mayComplain };
  let failed = 0;
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(visit);
      mayComplain();
      assert.deepEqual(crashes.splice(0), [], 'nothing breaks in the browser');
      console.log(`  ✓ ${name}`);
    } catch (error) {
      failed += 1;
      console.error(
        `  ✗ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      // The next step begins with a clean slate.
      crashes.length = 0;
      mayComplain();
      if (process.env.E2E_FAILURES !== undefined)
        await page.screenshot({ path: join(process.env.E2E_FAILURES, `${failed}.png`) });
    }
  }
  console.log(`${Object.keys(steps).length - failed} passed, ${failed} failed`);
  return failed;
}

/**
 * Prepares the database in a process of its own: whatever the first boot read once and for all, settings above all,
 * ends with it.
 */
function prepareDatabase(): void {
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'prepare.ts')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('the database of the browser tests could not be prepared');
  process.env.SHOP_TEST_RUN = stdout.trim().split('\n').at(-1);
}

/** Boots a shop, takes the steps one after the other in one page, and sets the exit code: 1 when one of them failed. */
export async function walk<S extends Shop>(start: () => Promise<S>, steps: Steps<S>): Promise<void> {
  prepareDatabase();
  const shop = await start();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--lang=de-DE'],
  });
  try {
    process.exitCode = (await runSteps(browser, shop, steps)) === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await shop.stop();
    await globalTeardown();
  }
}
