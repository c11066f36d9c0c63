import type { Core } from '@strapi/strapi';

/** True for types whose documents have a row for each language. */
export function isLocalized(strapi: Core.Strapi, uid: string): boolean {
  const options = strapi.contentTypes[uid as keyof typeof strapi.contentTypes]?.pluginOptions as
    { i18n?: { localized?: boolean } } | undefined;
  return options?.i18n?.localized === true;
}

interface LocaleService {
  find(): Promise<{ code: string }[]>;
}

/** The languages of the shop, as the panel's rights name them. */
export async function readLocales(strapi: Core.Strapi): Promise<string[]> {
  // Strapi does not type the services of plugins.
  const service = strapi.plugin('i18n').service('locales') as unknown as LocaleService;
  return (await service.find()).map(({ code }) => code);
}
