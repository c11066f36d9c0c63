import type { Core } from '@strapi/strapi';

import { inTransaction, oneProcessAtATime } from '../../../platform/database';
import { DEFAULT_LOCALE, type Locale, LOCALES } from '../../../platform/locale';

/** Two processes that start together must not make a language twice; the table has no rule against it. */
const LOCK = 7_210_441;

/** What staff read in the panel's language picker. */
const NAMES: Record<Locale, string> = { 'zh-Hans': '简体中文 (zh-Hans)', en: 'English (en)' };

interface Language {
  id?: number;
  code: string;
  name: string;
}

interface LocaleService {
  find(): Promise<Language[]>;
  create(language: Language): Promise<unknown>;
  update(where: { id?: number }, changes: { name: string }): Promise<unknown>;
  getDefaultLocale(): Promise<string | null>;
  setDefaultLocale(language: { code: string }): Promise<unknown>;
}

interface IsoLocaleService {
  getIsoLocales(): Language[];
}

/**
 * Makes sure that the languages of the shop exist and which one is the default. Strapi itself asks only the
 * environment, once, on an empty database, and has made English the default by the time this runs; the shop's languages
 * are part of its code, so they are put right at every start. Languages staff added stay, and names staff gave.
 */
export async function ensureLanguages(strapi: Core.Strapi): Promise<void> {
  // Strapi types the services of plugins as `any`.
  const locales = strapi.plugin('i18n').service('locales') as LocaleService;
  const iso = (strapi.plugin('i18n').service('iso-locales') as IsoLocaleService).getIsoLocales();
  await inTransaction(async (tx) => {
    await oneProcessAtATime(tx, LOCK);
    const existing = new Map((await locales.find()).map((language) => [language.code, language]));
    for (const code of LOCALES) {
      const name = NAMES[code];
      const known = existing.get(code);
      if (known === undefined) await locales.create({ code, name });
      // The name Strapi itself gives; any other is somebody's choice.
      else if (known.name !== name && known.name === iso.find((language) => language.code === code)?.name)
        await locales.update({ id: known.id }, { name });
    }
    if ((await locales.getDefaultLocale()) !== DEFAULT_LOCALE)
      await locales.setDefaultLocale({ code: DEFAULT_LOCALE });
  });
}
