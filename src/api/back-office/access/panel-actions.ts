import type { Core } from '@strapi/strapi';

const CATEGORY = '商户后台 / Back office';

/** The buttons of the panel, each with a permission of its own. Ids as Strapi makes them: `api::<uid>`. */
export const PANEL_ACTIONS = {
  workOrders: {
    uid: 'back-office.orders.work',
    displayName: '处理订单：发货、取消 / Work orders: ship, cancel',
  },
  decideRefunds: { uid: 'back-office.refunds.decide', displayName: '审核退款 / Decide refunds' },
  adjustStock: { uid: 'back-office.stock.adjust', displayName: '调整库存 / Adjust stock' },
  replayMessages: {
    uid: 'back-office.messages.replay',
    displayName: '重新执行失败消息 / Replay dead messages',
  },
  reconcile: {
    uid: 'back-office.reconciliation.work',
    displayName: '核对微信账单、处理差异 / Compare bills, work differences',
  },
  seeWork: {
    uid: 'back-office.work.read',
    displayName: '查看待办与订单详情 / See the work list and order details',
  },
} as const;

export type PanelAction = keyof typeof PANEL_ACTIONS;

export const actionId = (action: PanelAction): string => `api::${PANEL_ACTIONS[action].uid}`;

interface PermissionService {
  actionProvider: { registerMany(actions: Record<string, unknown>[]): Promise<unknown> };
}

/** Call in `register`: the super administrator is given every known action when the admin server boots, right after. */
export async function registerPanelActions(strapi: Core.Strapi): Promise<void> {
  const { actionProvider } = strapi.service('admin::permission') as unknown as PermissionService;
  await actionProvider.registerMany(
    Object.values(PANEL_ACTIONS).map(({ uid, displayName }) => ({
      section: 'settings',
      category: CATEGORY,
      uid,
      displayName,
    })),
  );
}
