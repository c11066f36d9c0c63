/**
 * Chinese for those of Strapi's own words staff meet and Strapi 5.54.0 has not translated, by plugin. English is
 * Strapi's own. What stays English belongs to parts a shop has switched off or only its administrators see.
 */
import admin from './admin.json';
import contentManager from './content-manager.json';
import i18n from './i18n.json';
import mediaLibrary from './media-library.json';

const prefixed = (plugin: string, words: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([id, word]) => [`${plugin}.${id}`, word]));

export const STRAPI_CHINESE: Readonly<Record<string, string>> = {
  ...admin,
  ...prefixed('content-manager', contentManager),
  ...prefixed('i18n', i18n),
  ...prefixed('upload', mediaLibrary),
};
