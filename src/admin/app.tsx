import type { StrapiApp } from '@strapi/strapi/admin';

import { addHomeWidgets } from './back-office/home';
import { addSidePanels } from './back-office/side-panels';
import { closeAnnouncements } from './banners';
import { formatForms } from './content-manager/edit-view';
import { formatTables } from './content-manager/list-view';
import { groupNavigation } from './content-manager/navigation';
import { hideRefusedActions } from './content-manager/read-only-types';
import { translations } from './labels';
import { chooseFirstLanguage } from './language';
import { repairChinese } from './repair-translations';
import shopLogo from './shop-logo.svg';

// Before Strapi reads them: it does so when it renders, after this module is loaded.
chooseFirstLanguage();
closeAnnouncements();

export default {
  config: {
    locales: ['zh-Hans', 'en'],
    translations: translations(),
    auth: { logo: shopLogo },
    head: { favicon: shopLogo },
    menu: { logo: shopLogo },
    tutorials: false,
    notifications: { releases: false },
  },

  register(app: StrapiApp) {
    repairChinese(app);
    hideRefusedActions(app);
    addHomeWidgets(app);
  },

  bootstrap(app: StrapiApp) {
    groupNavigation(app);
    formatTables(app);
    formatForms(app);
    addSidePanels(app);
  },
};
