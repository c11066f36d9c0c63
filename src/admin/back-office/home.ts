import { Bell, CheckCircle, PriceTag, ShoppingCart } from '@strapi/icons';
import type { StrapiApp } from '@strapi/strapi/admin';

import { CAN_SEE_WORK } from './permissions';

/** Widgets of Strapi that say nothing here: there are no drafts, rows change by themselves, and counts are not work. */
const NOT_SHOWN = new Set([
  'last-edited-entries',
  'last-published-entries',
  'chart-entries',
  'deploy-now',
  'key-statistics',
]);

const title = (id: string) => ({ id, defaultMessage: id });

/** The home page begins with what waits for staff. */
export function addHomeWidgets(app: StrapiApp): void {
  app.widgets.register((widgets) => [
    {
      id: 'work',
      pluginId: 'back-office',
      icon: ShoppingCart,
      title: title('back-office.work.title'),
      component: async () => (await import('./widgets')).WorkWidget,
      permissions: CAN_SEE_WORK,
    },
    {
      id: 'notices',
      pluginId: 'back-office',
      icon: Bell,
      title: title('back-office.notices.title'),
      component: async () => (await import('./widgets')).NoticesWidget,
      permissions: CAN_SEE_WORK,
    },
    {
      id: 'reconciliation',
      pluginId: 'back-office',
      icon: CheckCircle,
      title: title('back-office.reconciliation.title'),
      component: async () => (await import('./reconciliation-widget')).ReconciliationWidget,
      permissions: CAN_SEE_WORK,
    },
    {
      id: 'low-stock',
      pluginId: 'back-office',
      icon: PriceTag,
      title: title('back-office.low-stock.title'),
      component: async () => (await import('./widgets')).LowStockWidget,
      permissions: CAN_SEE_WORK,
    },
    ...widgets.filter(({ id }) => !NOT_SHOWN.has(id)),
  ]);
}
