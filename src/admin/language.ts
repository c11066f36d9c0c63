import { LANGUAGES, type Language } from './labels';

/** Where Strapi keeps the language of the panel, in this browser. */
const STORAGE_KEY = 'strapi-admin-language';
const DEFAULT_LANGUAGE: Language = 'zh-Hans';

/** A browser that never chose reads Chinese; Strapi itself would begin in English. */
export function chooseFirstLanguage(): void {
  if (window.localStorage.getItem(STORAGE_KEY) === null)
    window.localStorage.setItem(STORAGE_KEY, DEFAULT_LANGUAGE);
}

/** The language the panel speaks now, for the few places outside React that must know it. */
export function currentLanguage(): Language {
  const stored = window.localStorage.getItem(STORAGE_KEY);
  return LANGUAGES.find((language) => language === stored) ?? DEFAULT_LANGUAGE;
}
