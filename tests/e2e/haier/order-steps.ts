/** The work list, and the panels beside an order's and a product's form. */
import assert from 'node:assert/strict';

import { makeProduct } from '../../support/factories/catalogue';
import { insertRaw } from '../../support/factories/panel';
import { CONTENT, picture } from '../visit';
import { type HaierOrderMade, orderAtYlh, putOnSale } from './goods';
import { card, type HaierVisit, look, open, speak } from './visit';

const made: Record<'confirmed' | 'refused' | 'outOfStock' | 'notPushed', HaierOrderMade> = {} as never;
let fridge = '';
const DAY_MS = 86_400_000;
const day = (ahead: number): string => new Date(Date.now() + ahead * DAY_MS).toISOString().slice(0, 10);

const rowOf = ({ page }: HaierVisit, { number }: HaierOrderMade) =>
  page.locator('main tbody tr').filter({ hasText: number });

/** What needs a person stands in the work list, with the reason and how long it has waited. */
export async function workIsListed(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  fridge = await putOnSale(visit, 'BH0SB1F01', '海尔对开门变频冰箱 470 升');
  made.confirmed = await orderAtYlh(visit, fridge, 'confirm');
  made.refused = await orderAtYlh(visit, fridge, 'refuse', '收货地址超出服务范围');
  made.outOfStock = await orderAtYlh(visit, fridge, 'out-of-stock');
  made.notPushed = await orderAtYlh(visit, fridge, 'push-refused', '电话格式不正确');
  await open(visit, 'orders');
  await page.getByText('待处理 3，进行中 2').waitFor();
  await rowOf(visit, made.refused)
    .getByText(/海尔拒绝接单/)
    .waitFor();
  await rowOf(visit, made.refused).getByText('收货地址超出服务范围').waitFor();
  await rowOf(visit, made.outOfStock)
    .getByText(/海尔缺货/)
    .waitFor();
  await rowOf(visit, made.notPushed)
    .getByText(/推送失败 · /)
    .waitFor();
  await rowOf(visit, made.notPushed)
    .getByText(/电话格式不正确/)
    .waitFor();
  assert.equal(await rowOf(visit, made.confirmed).count(), 0, 'what goes its way is no work');
  await look(page, 'orders-full');
  await picture(page, 'haier-orders.png', { width: 1280, height: 760 });
  await open(visit, 'orders', 'en');
  await page.getByText('3 to do, 2 under way').waitFor();
  await look(page, 'orders-full', 'en');
}

/** The overview says how much waits, and leads there. */
export async function workIsOnTheOverview(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await open(visit, 'overview');
  await card(page, '队列与待办').getByRole('link', { name: '3' }).click();
  await page.getByText('待处理 3，进行中 2').waitFor();
}

/** Pushed again, refunded, marked as handled: each leaves the list. */
export async function workIsDone(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await open(visit, 'orders');
  await rowOf(visit, made.notPushed).getByRole('button', { name: '重新推送' }).click();
  await page.getByText('已安排推送').waitFor();
  await rowOf(visit, made.notPushed).waitFor({ state: 'detached' });

  await rowOf(visit, made.refused).getByRole('button', { name: '退款' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('把已付款项退给顾客。').waitFor();
  await dialog.getByRole('button', { name: '确认退款' }).click();
  await dialog.getByText('必填').waitFor();
  await look(page, 'orders-refund');
  await dialog.getByRole('textbox', { name: '原因' }).fill('海尔无法配送');
  await dialog.getByRole('button', { name: '确认退款' }).click();
  await page.getByText('已开始退款').waitFor();
  await rowOf(visit, made.refused).waitFor({ state: 'detached' });

  await rowOf(visit, made.outOfStock).getByRole('button', { name: '标记已处理' }).click();
  await dialog.getByRole('textbox', { name: '备注' }).fill('已电话联系顾客，等待到货');
  await dialog.getByRole('button', { name: '确认标记' }).click();
  await page.getByText('已标记').waitFor();
  await rowOf(visit, made.outOfStock).waitFor({ state: 'detached' });
  await page.getByText('没有需要处理的订单').waitFor();
  await look(page, 'orders-done');
}

/** All orders can be looked through by number, product and state. */
export async function ordersAreSearched(visit: HaierVisit): Promise<void> {
  const { page } = visit;
  await open(visit, 'orders');
  await page.getByRole('combobox', { name: '范围' }).click();
  await page.getByRole('option', { name: '全部' }).click();
  await rowOf(visit, made.confirmed).getByText('已确认').waitFor();
  assert.equal(await page.locator('main tbody tr').count(), 4);
  await look(page, 'orders-all');
  await page.locator('input[name="search"]').fill(made.refused.number);
  await page.keyboard.press('Enter');
  await rowOf(visit, made.confirmed).waitFor({ state: 'detached' });
  await rowOf(visit, made.refused).waitFor();
  await page.locator('input[name="search"]').fill('没有这个商品');
  await page.keyboard.press('Enter');
  await page.getByText('没有订单').waitFor();
  await page.getByRole('button', { name: '清除', exact: true }).click();
  await page.getByRole('combobox', { name: '海尔状态' }).click();
  await page.getByRole('option', { name: '缺货' }).click();
  await rowOf(visit, made.outOfStock).waitFor();
  assert.equal(await page.locator('main tbody tr').count(), 1);
  await rowOf(visit, made.outOfStock).getByRole('link', { name: made.outOfStock.number }).click();
  await page.waitForURL(/content-manager.*api::order\.order/);
}

/** A promise that could not be kept is run again with its button. */
export async function deadMessageIsReplayed(visit: HaierVisit): Promise<void> {
  const { page, app } = visit;
  const { id } = (await app.strapi.db
    .connection('orders')
    .where({ document_id: made.confirmed.id })
    .first('id')) as {
    id: number;
  };
  await insertRaw('api::outbox.outbox-message', {
    ...{ topic: 'haier.push', payload: { orderId: id }, status: 'dead', attempts: 12 },
    ...{ availableAt: new Date(), lastError: 'connect ECONNREFUSED 127.0.0.1:443' },
  });
  await open(visit, 'overview');
  const dead = card(page, '失败任务');
  await dead.getByText('推送订单').waitFor();
  await dead.getByText(made.confirmed.number).waitFor();
  await look(page, 'overview-dead');
  await dead.getByRole('button', { name: '重新执行' }).click();
  await page.getByText('已重新排队').waitFor();
  await dead.waitFor({ state: 'detached' });
}

const panelOf = ({ page }: HaierVisit, title: string) => page.locator('aside').filter({ hasText: title });

/** Beside an order of Haier's: where it stands, and the buttons that make sense. */
export async function orderHasItsPanel(visit: HaierVisit): Promise<void> {
  const { page, at, app } = visit;
  visit.mayComplain(/Failed to load resource.*(400|409)/);
  await speak(page, 'zh-Hans');
  await page.goto(at(`${CONTENT}/api::order.order/${made.confirmed.id}`));
  const panel = panelOf(visit, '海尔订单');
  await panel.getByText('已确认').first().waitFor();
  await panel.getByText('海尔单号').waitFor();
  await panel.getByRole('button', { name: '刷新' }).click();
  await page.getByText('已刷新').waitFor();

  await panel.getByRole('button', { name: '改约' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel(/配送日期/).fill(day(-3));
  await dialog.getByRole('button', { name: '确认改约' }).click();
  await page
    .getByText(/日期|不能早于|今天/)
    .last()
    .waitFor();
  await dialog.getByLabel(/配送日期/).fill(day(5));
  await dialog.getByLabel(/安装日期/).fill(day(6));
  await dialog.getByRole('button', { name: '确认改约' }).click();
  await page.getByText('已申请改约').waitFor();
  await panel.getByText(day(5)).waitFor();
  await look(page, 'panel-order', 'zh-Hans', 'aside');
  await picture(page, 'haier-order-panel.png', { width: 1280, height: 900 });

  await panel.getByRole('button', { name: '取消订单' }).click();
  await dialog.getByRole('textbox', { name: '原因' }).fill('顾客不要了');
  await dialog.getByRole('button', { name: '确认取消订单' }).click();
  await page.getByText('已申请取消').waitFor();
  await panel.getByText('取消中').first().waitFor();
  await app.drain();
  app.sandbox.control.ylh.decideCancel(made.confirmed.number, 'failed', { message: '已出库，无法取消' });
  await app.sandbox.control.idle();
  await app.drain();
  await page.reload();
  await panel.getByText('海尔拒绝取消').first().waitFor();
  await panel.getByText('已出库，无法取消').first().waitFor();
  await panel.getByRole('button', { name: '退款' }).waitFor();
  await look(page, 'panel-order-refused', 'zh-Hans', 'aside');
  await speak(page, 'en');
  await page.reload();
  await panelOf(visit, 'Order at Haier').getByText('Cancel refused').waitFor();
  await look(page, 'panel-order-refused', 'en', 'aside');
}

/** Beside a product of Haier's; the shop's own goods have nothing to do with it. */
export async function productHasItsPanel(visit: HaierVisit): Promise<void> {
  const { page, at, app } = visit;
  await speak(page, 'zh-Hans');
  await page.goto(at(`${CONTENT}/api::product.product/${fridge}?plugins[i18n][locale]=zh-Hans`));
  const panel = panelOf(visit, '海尔商品');
  await panel.getByText('BH0SB1F01').waitFor();
  await panel.getByText('海尔可售').waitFor();
  await panel.getByRole('button', { name: '同步价格' }).click();
  await page.getByText('已开始同步').waitFor();
  await look(page, 'panel-product', 'zh-Hans', 'aside');
  await picture(page, 'haier-product-panel.png', { width: 1280, height: 800 });
  const own = await makeProduct(app, { name: '自营加湿器', stock: 5 });
  await page.goto(at(`${CONTENT}/api::product.product/${own.documentId}?plugins[i18n][locale]=zh-Hans`));
  await panelOf(visit, '库存').first().waitFor();
  assert.equal(await panelOf(visit, '海尔商品').count(), 0);
}
