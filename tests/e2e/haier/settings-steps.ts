/** The settings page as the one who sets the shop up works it. */
import assert from 'node:assert/strict';

import type { Locator, Page } from 'playwright-core';

import { picture } from '../visit';
import { card, type HaierVisit, look, open, textIn } from './visit';

const SAVE = { name: '保存', exact: true };
const COUNTY = '370212';

const field = (within: Locator, label: string): Locator => within.getByLabel(label, { exact: true });

/** What the sandbox would put into the environment, by variable. */
const given = ({ app }: HaierVisit, name: string): string => {
  const value = app.sandbox.env[name];
  assert.ok(value !== undefined, `the sandbox knows ${name}`);
  return value;
};

/** Fills the fields of a part with values of the sandbox, by label. */
async function fill(visit: HaierVisit, part: Locator, values: Record<string, string>): Promise<void> {
  for (const [label, variable] of Object.entries(values))
    await field(part, label).fill(given(visit, variable));
}

const HAIER_FIELDS = {
  接口地址: 'HAIER_BASE_URL',
  令牌地址: 'HAIER_TOKEN_URL',
  client_id: 'HAIER_CLIENT_ID',
  client_secret: 'HAIER_CLIENT_SECRET',
  '售达方编码（sold-to）': 'HAIER_CUSTOMER_CODE',
  '送达方编码（ship-to）': 'HAIER_SEND_TO_CODE',
  '约定密码（passWord）': 'HAIER_PASSWORD',
  '卖家密码（sellerPassword）': 'HAIER_SELLER_PASSWORD',
  '客户密码（customerPassword）': 'HAIER_CUSTOMER_PASSWORD',
};
const YLH_FIELDS = {
  令牌地址: 'YLH_AUTH_URL',
  订单服务地址: 'YLH_ORDER_BASE_URL',
  改约与照片服务地址: 'YLH_RETAIL_BASE_URL',
  运单服务地址: 'YLH_STOCK_BASE_URL',
  用户名: 'YLH_USERNAME',
  密码: 'YLH_PASSWORD',
  client_id: 'YLH_CLIENT_ID',
  client_secret: 'YLH_CLIENT_SECRET',
  '来源系统（sourceSystem）': 'YLH_SOURCE_SYSTEM',
  '店铺名称（shopName）': 'YLH_SHOP_NAME',
};

const parts = (page: Page) => ({
  haier: card(page, '海尔开放平台'),
  ylh: card(page, '易理货 YLH'),
  callback: card(page, '易理货回调'),
  schedules: card(page, '定时同步'),
  policy: card(page, '规则'),
});

async function save(page: Page): Promise<number> {
  const saved = page.waitForResponse(
    (response) => response.request().method() === 'PUT' && response.url().endsWith('/settings'),
  );
  await page.getByRole('button', SAVE).click();
  return (await saved).status();
}

/** The addresses of an environment are filled in at once, and nothing is saved by it. */
export async function environmentIsChosen(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await open(visit, 'settings');
  const { haier, ylh } = parts(page);
  for (const [preset, address] of [
    ['测试环境', 'https://openplat-test.haier.net'],
    ['预发环境', 'https://openplat-bj-aliyun-stage.haier.net'],
    ['生产环境', 'https://openplat-bj-aliyun.haier.net'],
  ] as const) {
    await page.getByRole('combobox', { name: '选择环境，填入地址' }).click();
    await page.getByRole('option', { name: preset }).click();
    assert.equal(await field(haier, '接口地址').inputValue(), address);
  }
  assert.match(await field(ylh, '订单服务地址').inputValue(), /www\.yilihuo\.com/);
  await page.getByText('有未保存的修改').waitFor();
  await look(page, 'settings-preset');
  await page.getByRole('button', { name: '撤销修改' }).click();
  assert.equal(await field(haier, '接口地址').inputValue(), '');
}

/** What is wrong is said beside its field, and nothing is saved. */
export async function badInputIsRefused(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  visit.mayComplain(/Failed to load resource.*400/);
  const wrong = async (language: 'zh-Hans' | 'en', words: Record<string, [RegExp, RegExp]>) => {
    await open(visit, 'settings', language);
    for (const [name, [label]] of Object.entries(words))
      await page
        .getByRole('textbox', { name: label })
        .first()
        .fill(WRONG[name] ?? '');
    await page.getByRole('button', { name: textIn(language, 'save'), exact: true }).click();
    for (const [, [label, sentence]] of Object.entries(words)) {
      const box = page.getByRole('textbox', { name: label }).first();
      await box.locator('xpath=ancestor::div[.//label][1]').getByText(sentence).waitFor();
    }
    await look(page, 'settings-errors', language);
  };
  await wrong('zh-Hans', {
    baseUrl: [/^接口地址/, /必须是 http 或 https 地址/],
    skew: [/^允许的时间偏差/, /必须是数字/],
    county: [/^库存默认区县代码/, /必须是六位数字/],
  });
  await wrong('zh-Hans', { prices: [/^价格/, /必须是五段或六段的 cron 表达式/] });
  await wrong('en', {
    baseUrl: [/^Base address/, /must be an http or https address/],
    skew: [/^Allowed clock difference/, /expected number/],
    county: [/^District for stock/, /must be six digits/],
  });
  await wrong('en', { prices: [/^Prices/, /must be a cron expression/] });
  const answer = await visit.admin.call('get', '/haier-integration/settings');
  assert.equal(answer.body.data.version, 0, 'nothing was saved');
}

const WRONG: Record<string, string> = {
  baseUrl: 'openplat',
  prices: '每天三点',
  skew: '很多',
  county: '青岛',
};

/** An account is tried before it is saved, and what does not work is said step by step. */
export async function connectionIsTried(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await open(visit, 'settings');
  const { haier, ylh } = parts(page);
  const test = (part: Locator) => part.getByRole('button', { name: '测试连接' }).click();

  await test(haier);
  await haier.getByText('有步骤未通过').waitFor();
  await haier.getByText('没有填写地址').waitFor();

  await fill(visit, haier, HAIER_FIELDS);
  await field(haier, 'client_secret').fill('not-the-secret-at-all');
  await test(haier);
  await haier.getByText(/海尔开放平台不接受账号或密码/).waitFor();
  await haier.getByText('前面的步骤没有通过，未测试').first().waitFor();
  await look(page, 'settings-test-bad-haier');

  await field(haier, 'client_secret').fill(given(visit, 'HAIER_CLIENT_SECRET'));
  await test(haier);
  await haier.getByText('连接正常').waitFor();
  await haier.getByText('账号有效，已取得令牌').waitFor();
  await haier.getByText(/余额 沙箱商城付款账户/).waitFor();

  await fill(visit, ylh, YLH_FIELDS);
  await field(ylh, '密码').fill('not-the-password');
  await test(ylh);
  await ylh.getByText(/易理货不接受账号或密码/).waitFor();
  await field(ylh, '密码').fill(given(visit, 'YLH_PASSWORD'));
  await test(ylh);
  await ylh.getByText('连接正常').waitFor();
  await ylh.getByText(/订单服务有响应并接受令牌/).waitFor();
  await look(page, 'settings-test-good');

  await visit.app.sandbox.control.haier.down();
  await visit.app.sandbox.control.ylh.down();
  await test(haier);
  await haier.getByText(/无法连接|拒绝连接|没有响应/).waitFor();
  await test(ylh);
  await ylh.getByText(/无法连接|拒绝连接|没有响应/).waitFor();
  await look(page, 'settings-test-down');
  await visit.app.sandbox.control.haier.up();
  await visit.app.sandbox.control.ylh.up();
}

/** Everything is saved, and no secret can be read again: not on the page, not in what the browser received. */
export async function settingsAreSaved(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  await open(visit, 'settings');
  const { haier, ylh, callback, schedules, policy } = parts(page);
  await fill(visit, haier, HAIER_FIELDS);
  await fill(visit, ylh, YLH_FIELDS);
  await field(callback, 'AppKey').fill(given(visit, 'YLH_CALLBACK_APP_KEY'));
  await field(callback, '回调密钥').fill(given(visit, 'YLH_CALLBACK_SECRET'));
  for (const kind of ['商品', '价格', '库存', '物流']) await field(schedules, kind).fill('');
  await field(policy, '库存默认区县代码').fill(COUNTY);
  await field(policy, '余额预警值（元）').fill('20000');
  await policy.getByRole('combobox', { name: '海尔拒单或缺货时' }).click();
  await page.getByRole('option', { name: '等待人工处理' }).click();
  assert.equal(await save(page), 200);
  await page.getByText('已保存').first().waitFor();

  const secret = given(visit, 'HAIER_CLIENT_SECRET');
  await haier.getByPlaceholder(`已设置，末四位 ${secret.slice(-4)}，留空则不变`).waitFor();
  assert.equal(await field(haier, 'client_secret').inputValue(), '');
  const answered = page.waitForResponse((response) => response.url().endsWith('/haier-integration/settings'));
  await page.reload();
  const received = await (await answered).text();
  await page.getByRole('button', SAVE).waitFor();
  const secrets = Object.entries(app.sandbox.env).filter(([name]) =>
    /^(HAIER|YLH)_.*(SECRET|PASSWORD)$/.test(name),
  );
  assert.ok(secrets.length >= 6, 'there are secrets to look for');
  for (const [name, value] of secrets)
    assert.ok(
      !received.includes(value) && !(await page.content()).includes(value),
      `${name} has not left the server`,
    );
  assert.equal(
    await card(page, '修改记录')
      .getByText(/管理员/)
      .count(),
    1,
  );
  await callback.getByText(`${app.url}/api/v1/haier-integration/callback`).waitFor();
  await callback.getByRole('button', { name: '复制' }).click();
  await page.getByText('已复制').waitFor();
  await look(page, 'settings-full');
  await open(visit, 'settings');
  await haier
    .getByPlaceholder(/^已设置，末四位/)
    .first()
    .waitFor();
  await picture(page, 'haier-settings.png', { width: 1280, height: 1000 });
  await open(visit, 'settings', 'en');
  await look(page, 'settings-full', 'en');
}

/** Left empty, a secret stays; the button beside it takes it away. */
export async function secretsAreKept(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  await open(visit, 'settings');
  const { haier, ylh } = parts(page);
  await field(ylh, '店铺名称（shopName）').fill('新的店名');
  assert.equal(await save(page), 200);
  await page.getByText('已保存').first().waitFor();
  await haier.getByRole('button', { name: '测试连接' }).click();
  await haier.getByText('连接正常').waitFor();
  await ylh.getByRole('button', { name: '测试连接' }).click();
  await ylh.getByText('连接正常').waitFor();

  await haier.getByRole('button', { name: /清除.*客户密码/ }).click();
  await haier.getByPlaceholder('保存后将被清除').waitFor();
  await haier.getByRole('button', { name: /不清除.*客户密码/ }).click();
  await haier.getByRole('button', { name: /^清除.*客户密码/ }).click();
  assert.equal(await save(page), 200);
  await haier.getByPlaceholder('未设置').first().waitFor();
  await page.getByText(/缺少客户密码，无法查询余额/).waitFor();
  await field(haier, '客户密码（customerPassword）').fill(
    given({ ...visit, app }, 'HAIER_CUSTOMER_PASSWORD'),
  );
  await field(ylh, '店铺名称（shopName）').fill(given(visit, 'YLH_SHOP_NAME'));
  assert.equal(await save(page), 200);
  await page.getByText(/缺少客户密码/).waitFor({ state: 'detached' });
}

/** Two people on the page: the second one is told, and loses nothing of the first one's. */
export async function settingsConflict(visit: HaierVisit): Promise<void> {
  const { page, admin } = visit;
  visit.mayComplain(/Failed to load resource.*409/);
  await open(visit, 'settings');
  const { ylh } = parts(page);
  await field(ylh, '来源系统（sourceSystem）').fill('OTHER');
  const other = await admin
    .call('put', '/haier-integration/settings')
    .send({ policy: { balanceWarningYuan: 20_001 } });
  assert.equal(other.status, 200);
  assert.equal(await save(page), 409);
  await page.getByText(/设置刚刚被其他人修改/).waitFor();
  await page.reload();
}

/** A merchant has no business here, and is not shown the way. */
export async function settingsAreForAdministrators(visit: HaierVisit): Promise<void> {
  const refused = await visit.merchant.call('get', '/haier-integration/settings');
  assert.equal(refused.status, 403);
}
