import assert from 'node:assert/strict';

import { walk } from './browser';
import { dayIsCompared, differenceIsMended, partIsRefunded, refundIsRejected } from './money-steps';
import { startShopForBrowsing } from './shop';
import { CONTENT, picture, type Visit } from './visit';

const IN_CHINESE = '?plugins[i18n][locale]=zh-Hans';

async function signIn({ page, at, merchant }: Visit): Promise<void> {
  await page.goto(at('/admin/auth/login'));
  await page.getByText('登录商户后台').waitFor();
  await page.locator('input[name="email"]').fill(merchant.email);
  await page.locator('input[name="password"]').fill(merchant.password);
  await page.locator('button[type="submit"]').click();
  await page.getByText('今日待办').waitFor();
}

async function homeShowsWhatWaits({ page }: Visit): Promise<void> {
  await page.getByRole('link', { name: '待发货订单 1' }).waitFor();
  await page.getByRole('link', { name: '待审核退款 1' }).waitFor();
  await page.getByText('立柜式空调 3 匹').waitFor();
  assert.equal(await page.getByText(/Strapi Cloud|升级|Upgrade/).count(), 0, 'nothing is advertised');
  await picture(page, 'admin-home.png');
}

async function workLeadsToItsList({ page }: Visit): Promise<void> {
  await page.getByRole('link', { name: '待发货订单 1' }).click();
  await page.locator('tbody').getByText('待发货', { exact: true }).waitFor();
  assert.equal(await page.locator('tbody tr').count(), 1, 'only what waits is listed');
}

async function productsAreListed({ page, at }: Visit): Promise<void> {
  await page.goto(at(`${CONTENT}/api::product.product${IN_CHINESE}`));
  await page.getByRole('heading', { name: '商品', exact: true }).waitFor();
  for (const column of ['商品名称', '分类', '品牌', '售价（元）', '上架', '可销售', '销量']) {
    await page.locator('th').filter({ hasText: column }).waitFor();
  }
  await page.getByText('¥3,999.00').waitFor();
  const navigation = page.getByRole('navigation').filter({ hasText: '商品目录' });
  await navigation.getByText('经营与记录').waitFor();
  await navigation.getByRole('link', { name: '订单', exact: true }).waitFor();
  assert.equal(await navigation.getByText(/[Cc]art|幂等/).count(), 0, 'what staff never need is not listed');
  await picture(page, 'admin-products.png');
}

async function priceIsChanged({ page, at, fridge, admin }: Visit): Promise<void> {
  await page.goto(at(`${CONTENT}/api::product.product/${fridge.documentId}${IN_CHINESE}`));
  await page.getByText('售价（元）').waitFor();
  assert.ok(
    await page.locator('input[name="salesCount"]').isDisabled(),
    'the count of sales is not for typing',
  );
  await page.locator('input[name="price"]').fill('3899');
  const saved = page.waitForResponse((response) => response.request().method() === 'PUT');
  await page.getByRole('button', { name: '保存' }).click();
  assert.equal((await saved).status(), 200);
  await page.getByText('已保存').first().waitFor();
  const answer = await admin.call(
    'get',
    `/content-manager/collection-types/api::product.product/${fridge.documentId}?locale=zh-Hans`,
  );
  assert.equal(answer.body.data.price, 3899);
}

async function stockIsAdjusted({ page }: Visit): Promise<void> {
  const figures = page.locator('aside').filter({ hasText: '调整库存' });
  await figures.getByRole('button', { name: '调整库存' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.locator('input[name="pieces"]').fill('5');
  await dialog.getByRole('button', { name: '确认调整' }).click();
  await dialog.getByText('请填写此项').waitFor();
  await dialog.locator('input[name="reason"]').fill('到货');
  await dialog.getByRole('button', { name: '确认调整' }).click();
  await page.getByText('库存已调整').waitFor();
  await figures.getByText('+5').waitFor();
  await figures.getByText(/到货/).waitFor();
  await picture(page, 'admin-product.png');
}

async function orderCannotBeEdited({ page, at, paidOrder, merchant, admin }: Visit): Promise<void> {
  await page.goto(at(`${CONTENT}/api::order.order/${paidOrder}`));
  await page.getByText('订单处理').waitFor();
  assert.ok(
    await page.locator('input[name="snapshotContactName"]').isDisabled(),
    'an order’s fields are not for typing',
  );
  const write = { snapshotContactName: '别人' };
  const path = `/content-manager/collection-types/api::order.order/${paidOrder}`;
  assert.equal((await merchant.call('put', path).send(write)).status, 403);
  const refused = await admin.call('put', path).send(write);
  assert.equal(refused.status, 403);
  assert.match(refused.body.error.message, /右侧的按钮/);
}

async function orderIsShipped({ page }: Visit): Promise<void> {
  const panel = page.locator('aside').filter({ hasText: '订单历史' });
  await panel.getByText('待发货').waitFor();
  await picture(page, 'admin-order.png');
  await panel.getByRole('button', { name: '发货', exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.locator('input[name="company"]').fill('顺丰速运');
  await dialog.locator('input[name="trackingNumber"]').fill('SF1234567890');
  await dialog.getByRole('button', { name: '确认发货' }).click();
  await panel.getByText('顺丰速运 SF1234567890').waitFor();
  assert.equal(
    await panel.getByRole('button', { name: '发货', exact: true }).count(),
    0,
    'a shipped order is not shipped again',
  );
  assert.equal(
    await page.locator('input[name="trackingNumber"]').inputValue(),
    'SF1234567890',
    'the form follows',
  );
}

async function deadMessageIsReplayed({ page, at }: Visit): Promise<void> {
  await page.goto(
    at(`${CONTENT}/api::outbox.outbox-message?sort=createdAt:DESC&filters[$and][0][status][$eq]=dead`),
  );
  await page.locator('tbody').getByText('refund.submit').click();
  await page.getByRole('button', { name: '重新执行', exact: true }).click();
  await page.getByText('已重新排队，稍后自动执行').waitFor();
  await page.getByText('只有失败的消息可以重新执行').waitFor();
}

async function orderIsCancelled({ page, at, pendingOrder }: Visit): Promise<void> {
  await page.goto(at(`${CONTENT}/api::order.order/${pendingOrder}`));
  const panel = page.locator('aside').filter({ hasText: '订单历史' });
  await panel.getByRole('button', { name: '取消订单' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.locator('input[name="reason"]').fill('顾客来电取消');
  await dialog.getByRole('button', { name: '确认取消订单' }).click();
  await panel.getByText('已取消', { exact: true }).first().waitFor();
}

async function panelSpeaksEnglish({ page, at }: Visit): Promise<void> {
  await page.goto(at('/admin/me'));
  await page.getByRole('combobox', { name: '界面语言' }).click();
  await page.getByRole('option', { name: 'English' }).click();
  await page.getByRole('button', { name: /保存|Save/ }).click();
  await page.getByRole('heading', { name: '商户' }).waitFor();
  await page.goto(at(`${CONTENT}/api::order.order`));
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  // The list was left filtered, and Strapi keeps filters.
  await page.getByText('Status is Paid, to ship').waitFor();
  await page.getByRole('button', { name: 'Status is Paid, to ship' }).click();
  await page.locator('th').filter({ hasText: 'Order number' }).waitFor();
  await page.getByText('Shipped', { exact: true }).waitFor();
  await page
    .getByRole('navigation')
    .filter({ hasText: 'Catalogue' })
    .getByRole('link', { name: 'Products' })
    .waitFor();
  await picture(page, 'admin-orders-english.png');
}

const STEPS: Record<string, (visit: Visit) => Promise<void>> = {
  'a merchant signs in, in Chinese without having chosen it': signIn,
  'the home page shows what waits': homeShowsWhatWaits,
  'what waits leads to its list': workLeadsToItsList,
  'products are listed with the columns staff need': productsAreListed,
  'a price is changed in the form': priceIsChanged,
  'stock is adjusted with its button, and only with a reason': stockIsAdjusted,
  'an order cannot be edited': orderCannotBeEdited,
  'an order is shipped with its button': orderIsShipped,
  'a refund is rejected with its button': refundIsRejected,
  'a dead message is replayed with its button': deadMessageIsReplayed,
  'an unpaid order is cancelled with its button': orderIsCancelled,
  'a part of the money goes back with a button': partIsRefunded,
  'a difference between bill and books is mended with its button': differenceIsMended,
  'a day is compared again at the press of a button': dayIsCompared,
  'the panel speaks English once asked to': panelSpeaksEnglish,
};

void walk(startShopForBrowsing, STEPS);
