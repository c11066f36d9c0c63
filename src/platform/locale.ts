import { validationFailed } from '../domain/refusal';

/** The language every document has, and from whose row everything that is not localized is read. */
export const DEFAULT_LOCALE = 'zh-Hans';

/** The languages shoppers can read. */
export const LOCALES = [DEFAULT_LOCALE, 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The language a request asks for, the default one when it names none. Throws VALIDATION_FAILED for any other. */
export function readLocaleParameter(locale: string | undefined): Locale {
  if (locale === undefined) return DEFAULT_LOCALE;
  const known = LOCALES.find((candidate) => candidate === locale);
  if (known === undefined)
    throw validationFailed([{ path: ['locale'], message: `must be one of ${LOCALES.join(', ')}` }]);
  return known;
}
