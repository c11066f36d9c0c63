import type { StrapiApp } from '@strapi/strapi/admin';

import { navigationId, TYPES } from '../labels';

interface NavigationLink {
  uid: string;
  title: string;
}

const withTitle = <T extends NavigationLink>(link: T): T => ({
  ...link,
  title: navigationId(link.uid) ?? link.title,
});
const isTrade = ({ uid }: NavigationLink): boolean => TYPES[uid]?.section === 'trade';

/**
 * Sorts the types of the left list into two groups. Strapi has two sections, for collections and for single pages; the
 * shop has no single pages, so the second section holds orders and records instead.
 */
export function groupNavigation(app: StrapiApp): void {
  let tradeLinks: NavigationLink[] = [];
  app.registerHook(
    'Admin/CM/pages/App/mutate-collection-types-links',
    ({ ctLinks, models }: { ctLinks: NavigationLink[]; models: unknown }) => {
      const links = ctLinks.map(withTitle);
      tradeLinks = links.filter(isTrade);
      return { ctLinks: links.filter((link) => !isTrade(link)), models };
    },
  );
  app.registerHook(
    'Admin/CM/pages/App/mutate-single-types-links',
    ({ stLinks, models }: { stLinks: NavigationLink[]; models: unknown }) => ({
      stLinks: [...tradeLinks, ...stLinks],
      models,
    }),
  );
}
