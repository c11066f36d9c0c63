import type { StrapiApp } from '@strapi/strapi/admin';

import { PanelIcon } from './parts/panel-icon';
import { addPanels } from './panels/add-panels';
import { CAN_READ } from './permissions';
import { PLUGIN_ID, textId } from './plugin-id';

type Texts = Record<string, string>;

/** The plugin's half in the admin panel. */
export default {
  register(app: StrapiApp): void {
    app.addMenuLink({
      to: `plugins/${PLUGIN_ID}`,
      icon: PanelIcon,
      intlLabel: { id: textId('menu'), defaultMessage: 'Haier & YLH' },
      permissions: CAN_READ,
      position: 3,
      Component: () => import('./pages/app'),
    });
    app.registerPlugin({ id: PLUGIN_ID, name: PLUGIN_ID });
  },

  bootstrap(app: StrapiApp): void {
    addPanels(app);
  },

  /** Chinese for every kind of Chinese; English for who reads neither. */
  async registerTrads({ locales }: { locales: string[] }): Promise<{ data: Texts; locale: string }[]> {
    const [chinese, english] = await Promise.all([
      import('./translations/zh-Hans.json'),
      import('./translations/en.json'),
    ]);
    return locales.map((locale) => {
      const texts: Texts = (locale.startsWith('zh') ? chinese : english).default;
      const data = Object.fromEntries(Object.entries(texts).map(([name, text]) => [textId(name), text]));
      return { data, locale };
    });
  },
};
