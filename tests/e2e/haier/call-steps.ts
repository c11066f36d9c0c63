/** The log of calls: searched, opened, and as quick with 100,000 rows as with ten. */
import assert from 'node:assert/strict';

import { emptyCallLog, fillCallLog } from '../../support/haier-calls';
import { picture } from '../visit';
import { card, type HaierVisit, look, open, textIn } from './visit';

const MANY = 100_000;
/** Tells a page that looks at what it shows from one that reads the whole log, on a busy machine too; quiet, it is about a second. */
const MOST_MS = 10_000;

const rows = ({ page }: HaierVisit) => page.locator('main tbody tr');

/** What has been asked of Haier and YLH can be searched, and one call looked at. */
export async function callsAreSearched(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await open(visit, 'calls');
  await rows(visit).first().waitFor();
  await look(page, 'calls-full');
  await picture(page, 'haier-calls.png', { width: 1280, height: 900 });
  await page.getByRole('combobox', { name: '系统' }).click();
  await page.getByRole('option', { name: '易理货 YLH' }).click();
  await page.getByRole('combobox', { name: '操作' }).click();
  await page.getByRole('option', { name: '推送订单' }).click();
  await page.getByRole('combobox', { name: '结果' }).click();
  await page.getByRole('option', { name: '所有失败' }).click();
  await rows(visit).filter({ hasText: '电话格式不正确' }).waitFor();
  assert.equal(await rows(visit).count(), 1, 'one push was refused');
  await rows(visit).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('被拒绝').waitFor();
  await dialog.getByText('请求', { exact: true }).waitFor();
  const bodies = (await dialog.locator('pre').allTextContents()).join('\n');
  assert.ok(!bodies.includes('13800138000') && !bodies.includes('海尔路 1 号'), 'who it is for is masked');
  await look(page, 'call');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: /单号或产品编码/ }).fill('NO-SUCH-NUMBER');
  await page.getByText('没有符合条件的调用').waitFor();
  await look(page, 'calls-none');
  await page.getByRole('button', { name: '清除筛选' }).click();
  await rows(visit).nth(5).waitFor();
  await open(visit, 'calls', 'en');
  await rows(visit).first().waitFor();
  await look(page, 'calls-full', 'en');
  await rows(visit).first().click();
  await page.getByRole('dialog').getByText('Request', { exact: true }).waitFor();
  await look(page, 'call', 'en');
  await page.keyboard.press('Escape');
}

/** How long the list takes to stand on the screen, and how often the server is asked for it. */
async function timed(
  visit: HaierVisit,
  name: string,
  act: () => Promise<unknown>,
  shown: () => Promise<unknown>,
) {
  const asked: string[] = [];
  const listen = (request: { url(): string; resourceType(): string }) => {
    if (/\/haier-integration\/calls/.test(request.url()) && request.resourceType() !== 'document')
      asked.push(request.url());
  };
  visit.page.on('request', listen);
  const begun = performance.now();
  await act();
  await shown();
  const ms = Math.round(performance.now() - begun);
  await visit.page.waitForLoadState('networkidle');
  visit.page.off('request', listen);
  console.log(`    ${name}: ${ms} ms, ${asked.length} requests`);
  assert.ok(ms <= MOST_MS, `${name} took ${ms} ms`);
  return asked.length;
}

export async function manyCallsAreQuick(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  await emptyCallLog(app);
  await fillCallLog(app, MANY, new Date());
  await open(visit, 'overview');
  const ofPage = await timed(
    visit,
    'the page of calls',
    () => page.getByRole('link', { name: '调用日志' }).click(),
    () => rows(visit).nth(19).waitFor(),
  );
  assert.equal(ofPage, 1, 'one request shows the page');
  await page.getByText(/至少 10,000 条/).waitFor();
  const ofNext = await timed(
    visit,
    'the next page',
    () => page.getByRole('button', { name: '下一页' }).click(),
    () => page.getByText(/^2 \/ /).waitFor(),
  );
  assert.equal(ofNext, 1);
  const ofSearch = await timed(
    visit,
    'a search by number',
    () =>
      page.getByRole('textbox', { name: /单号或产品编码/ }).pressSequentially('SUBJECT-500', { delay: 30 }),
    () => page.getByText('共 100 条').waitFor(),
  );
  assert.ok(ofSearch <= 3, `eleven letters ask when typing pauses, not ${ofSearch} times`);
  await timed(
    visit,
    'the failures of one operation',
    async () => {
      await page.getByRole('button', { name: '清除筛选' }).click();
      await page.getByRole('combobox', { name: '结果' }).click();
      await page.getByRole('option', { name: '结果未知' }).click();
    },
    () => rows(visit).first().getByText('结果未知').waitFor(),
  );
  const ofOverview = await timed(
    visit,
    'the overview',
    () => page.getByRole('link', { name: '概览' }).click(),
    () => card(page, textIn('zh-Hans', 'hours')).getByRole('img').waitFor(),
  );
  assert.equal(ofOverview, 0);
}
