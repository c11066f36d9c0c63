import type { Core } from '@strapi/strapi';

import { PERMISSIONS, type Permission, PLUGIN_ID } from './constants';

/** Strapi shows a permission by one name, whatever language the panel speaks. */
const NAMES: Record<Permission, string> = {
  read: '查看：概览、同步、订单、调用记录 / Read: overview, syncs, orders, calls',
  settings: '修改设置和账号 / Change settings and credentials',
  sync: '同步商品、价格、库存；维护品牌和分类对应 / Sync the catalogue, edit the mapping',
  push: '处理海尔订单：推送、取消、改约 / Work Haier orders: push, cancel, reschedule',
  replay: '重新执行失败消息 / Replay dead messages',
};

interface PermissionService {
  actionProvider: { registerMany(actions: Record<string, unknown>[]): Promise<unknown> };
}

/** Call in the plugin's `bootstrap`: the super administrator is given every known action when the admin server boots, after it. */
export async function registerPermissions(strapi: Core.Strapi): Promise<void> {
  const { actionProvider } = strapi.service('admin::permission') as unknown as PermissionService;
  await actionProvider.registerMany(
    PERMISSIONS.map((uid) => ({
      section: 'plugins',
      pluginName: PLUGIN_ID,
      uid,
      displayName: NAMES[uid],
    })),
  );
}
