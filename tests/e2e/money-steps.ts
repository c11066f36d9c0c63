/** What staff do about money in the panel. */
import assert from 'node:assert/strict';

import { CONTENT, picture, type Visit } from './visit';

export async function refundIsRejected({ page, at, refundOrder }: Visit): Promise<void> {
  await page.goto(at(`${CONTENT}/api::order.order/${refundOrder}`));
  const panel = page.locator('aside').filter({ hasText: '订单历史' });
  await panel.getByText('申请原因：买错型号了').waitFor();
  await panel.getByRole('button', { name: '拒绝退款' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.locator('input[name="reason"]').fill('商品已拆封');
  await dialog.getByRole('button', { name: '拒绝退款' }).click();
  await panel.getByText('已拒绝', { exact: true }).waitFor();
  await panel.getByText('待发货').first().waitFor();
}

export async function partIsRefunded({ page, at, paidOrder }: Visit): Promise<void> {
  await page.goto(at(`${CONTENT}/api::order.order/${paidOrder}`));
  const panel = page.locator('aside').filter({ hasText: '订单历史' });
  await panel.getByRole('button', { name: '退款给顾客' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.locator('input[name="reason"]').fill('外箱破损补偿');
  await dialog.locator('input[name="amount"]').fill('一百元');
  await dialog.getByRole('button', { name: '确认退款' }).click();
  await page.getByText(/金额.*两位小数/).waitFor();
  await dialog.locator('input[name="amount"]').fill('100.50');
  await dialog.getByRole('button', { name: '确认退款' }).click();
  await page.getByText('退款已提交，款项将通过微信退回').waitFor();
  await panel.getByText('¥100.50').waitFor();
}

export async function differenceIsMended({ page, at, billDate }: Visit): Promise<void> {
  await page.goto(at('/admin'));
  await page.getByRole('link', { name: billDate }).waitFor();
  await page.getByRole('link', { name: '待处理差异 1' }).click();
  await page.locator('tbody').getByText('支付状态不符').click();
  const panel = page.locator('aside').filter({ hasText: '处理差异' });
  await panel.getByText('查看支付单').waitFor();
  await picture(page, 'admin-difference.png');
  await panel.getByRole('button', { name: '向微信查询并处理' }).click();
  await page.getByText('差异已处理').waitFor();
  await panel.getByText('已一致').waitFor();
  assert.equal(await panel.getByRole('button', { name: '向微信查询并处理' }).count(), 0, 'it is mended once');
}

export async function dayIsCompared({ page, at, billDate, mayComplain }: Visit): Promise<void> {
  await page.goto(at('/admin'));
  await page.getByRole('button', { name: '核对某一天的账单' }).click();
  const dialog = page.getByRole('alertdialog');
  mayComplain(/400/);
  await dialog.locator('input[name="day"]').fill('昨天');
  await dialog.getByRole('button', { name: '开始核对' }).click();
  await page
    .getByText(/billDate|日期|账单/)
    .first()
    .waitFor();
  await dialog.locator('input[name="day"]').fill(billDate);
  await dialog.getByRole('button', { name: '开始核对' }).click();
  await page.getByText('已安排，稍后自动核对').waitFor();
}
