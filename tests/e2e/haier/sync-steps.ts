/** Syncs as staff start, watch, cancel and read them; and the mapping of brands and categories. */
import assert from 'node:assert/strict';

import { HAIER_PATHS } from '../../../sandbox';
import { picture } from '../visit';
import { card, type HaierVisit, look, open } from './visit';

const MANY = 400;

/** Presses the button of a sync, and opens the page of the run it began. */
export async function startAndOpen(visit: HaierVisit, button: string): Promise<void> {
  const { page, at } = visit;
  const begun = page.waitForResponse(
    (response) =>
      response.request().method() === 'POST' && response.url().endsWith('/haier-integration/syncs'),
  );
  await page.getByRole('button', { name: button }).click();
  const { data } = (await (await begun).json()) as { data: { id: number } };
  await page.goto(at(`/admin/plugins/haier-integration/syncs/${data.id}`));
}

/** The state on the page of a run. */
export const stands = ({ page }: HaierVisit, state: string | RegExp, options?: { timeout: number }) =>
  page.locator('main section').first().getByText(state, { exact: true }).first().waitFor(options);

/** A long sync shows how far it is, and ends when it is cancelled. */
export async function syncIsCancelled(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  const { control } = app.sandbox;
  control.haier.generate(MANY);
  control.addFault({ kind: 'delay', host: 'haier', path: HAIER_PATHS.prices, ms: 1_500 });
  await open(visit, 'syncs');
  await page.getByRole('button', { name: '同步商品' }).click();
  await page.getByText('已开始同步').waitFor();
  const runs = card(page, '同步记录');
  await runs.getByText('进行中').waitFor();
  await runs.getByText(/^[1-9]\d* \/ 430$/).waitFor();
  await runs.getByRole('progressbar').waitFor();
  await look(page, 'syncs-running');
  await runs.locator('tbody tr').first().click();
  await page.getByText('正在写入').waitFor();
  await page.getByRole('progressbar').waitFor();
  await look(page, 'sync-running');
  await page.getByRole('button', { name: '取消同步' }).click();
  await page.getByText('已取消', { exact: true }).waitFor();
  assert.equal(
    await page.getByRole('button', { name: '取消同步' }).count(),
    0,
    'what has ended cannot be cancelled',
  );
  await look(page, 'sync-cancelled');
  control.clearFaults();
}

/** A list that would empty the shop is refused in words, and goes through once staff have said so. */
export async function suddenDropIsRefused(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  app.sandbox.control.haier.generate(0);
  await open(visit, 'syncs');
  await startAndOpen(visit, '同步商品');
  await stands(visit, '失败');
  await page.getByText(/个在售商品中的 \d+ 个下架，已停止，未作任何改动/).waitFor();
  await look(page, 'sync-refused');
  await open(visit, 'syncs');
  await page.getByRole('checkbox', { name: /允许本次商品同步让大量商品下架/ }).check();
  await startAndOpen(visit, '同步商品');
  await stands(visit, '完成');
}

/** The report of a sync: what was created, changed and in which fields, unchanged, no longer sold, failed and why. */
export async function reportIsRead(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  const { haier } = app.sandbox.control;
  haier.putProduct({ productCode: 'BH0SB1F01', supplyPrice: 3_099 });
  haier.putProduct({ productCode: 'BH0SB1F02', isSales: false, noSalesReason: '停产' });
  haier.putProduct({ productCode: 'BH0SB1F03', supplyPrice: null });
  haier.putProduct({
    productCode: 'NEW0SB1F01',
    productModel: 'BCD-700W',
    productGroup: '冰箱',
    brand: '海尔',
    supplyPrice: 5_999,
  });
  haier.removeProduct('BD0SB1D01');
  await open(visit, 'syncs');
  await page.getByRole('textbox', { name: '产品编码' }).fill('BH0SB1F01，NO-SUCH-CODE');
  await startAndOpen(visit, '同步商品');
  await stands(visit, '部分失败');
  const errors = card(page, '失败明细');
  await errors.getByText('NO-SUCH-CODE').waitFor();
  await errors.getByText('海尔未返回该商品，可能不可采购').waitFor();
  await page.getByText('BH0SB1F01, NO-SUCH-CODE').waitFor();

  app.sandbox.control.addFault({ kind: 'rubbish', host: 'haier', path: HAIER_PATHS.prices, times: 1 });
  await open(visit, 'syncs');
  await startAndOpen(visit, '同步商品');
  await stands(visit, '部分失败');
  app.sandbox.control.clearFaults();
  for (const count of ['新增', '变更', '未变', '停售下架', '失败'])
    await page.getByText(count, { exact: true }).first().waitFor();
  await card(page, '变更的字段').getByText('停售原因').waitFor();
  await errors
    .getByText(/海尔开放平台返回了无法识别的内容/)
    .first()
    .waitFor();
  await look(page, 'sync-report');
  await picture(page, 'haier-sync-report.png', { width: 1280, height: 900 });
  const path = new URL(page.url()).pathname.replace('/admin/plugins/haier-integration/', '');
  await open(visit, path, 'en');
  await card(page, 'Fields that changed').getByText('Why it cannot be sold').waitFor();
  await look(page, 'sync-report', 'en');
}

/** Prices, stock and logistics are a button each; a second one of a kind is refused with the reason. */
export async function otherKindsAreSynced(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  visit.mayComplain(/Failed to load resource.*409/);
  for (const [button, kind] of [
    ['同步价格', '价格'],
    ['同步库存', '库存'],
    ['同步物流', '物流'],
  ] as const) {
    await open(visit, 'syncs');
    await startAndOpen(visit, button);
    await page.getByRole('heading', { name: kind, exact: true }).waitFor();
    await stands(visit, /完成|部分失败/);
  }
  await open(visit, 'syncs');
  const newest = card(page, '同步记录').locator('tbody tr').first();
  app.sandbox.control.addFault({
    kind: 'delay',
    host: 'haier',
    path: HAIER_PATHS.prices,
    ms: 4_000,
    times: 2,
  });
  await page.getByRole('button', { name: '同步价格' }).click();
  await newest.getByText('进行中').waitFor();
  await page.getByRole('button', { name: '同步价格' }).click();
  await page.getByText('同类同步正在进行，请等待其结束或先取消').waitFor();
  await newest.getByText(/完成|部分失败/).waitFor();
  app.sandbox.control.clearFaults();
  await look(page, 'syncs-full');
  await open(visit, 'syncs', 'en');
  await card(page, 'Syncs').locator('tbody tr').first().waitFor();
  await look(page, 'syncs-full', 'en');
  const noSuchRun = visit.at('/admin/plugins/haier-integration/syncs/999999');
  visit.mayComplain(/Failed to load resource.*404/);
  await page.goto(noSuchRun);
  await page.getByRole('alert').getByText('Not found').waitFor();
}

/** Haier is away: the run says so. */
export async function syncFails(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  await app.sandbox.control.haier.down();
  await open(visit, 'syncs');
  await startAndOpen(visit, '同步商品');
  await stands(visit, '失败', { timeout: 60_000 });
  await page.getByText(/海尔开放平台无法连接/).waitFor();
  await look(page, 'sync-failed');
  await app.sandbox.control.haier.up();
}

/** A name of Haier is given a brand or category of the shop, and keeps it. */
export async function mappingIsEdited(visit: HaierVisit): Promise<void> {
  const { page, brand, category } = visit;
  await open(visit, 'syncs');
  const mapping = card(page, '品牌与分类对应');
  for (const [name, { name: target }] of [
    ['统帅', brand],
    ['干衣机', category],
  ] as const) {
    await mapping.getByRole('combobox', { name: new RegExp(`^${name}`) }).click();
    await page.getByRole('option', { name: target, exact: true }).click();
  }
  await look(page, 'mapping');
  await mapping.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存').first().waitFor();
  await page.reload();
  await mapping
    .getByRole('combobox', { name: /^干衣机/ })
    .filter({ hasText: category.name })
    .waitFor();
  await mapping.getByRole('combobox', { name: /^统帅/ }).filter({ hasText: brand.name }).waitFor();
}
