import type { StrapiApp } from '@strapi/strapi/admin';

interface Translation {
  locale: string;
  data: Record<string, string>;
}

const PREFIX = 'content-manager.';

/**
 * Strapi 5.54.0 loses the content manager's Chinese: its file names every message `content-manager.x`, and loading
 * adds the same prefix once more. Takes the second one off again; does nothing once the file is mended.
 */
export function repairChinese(app: StrapiApp): void {
  const plugin = app.appPlugins['content-manager'];
  const load = plugin?.registerTrads;
  if (plugin === undefined || load === undefined) return;
  plugin.registerTrads = async (languages) => {
    const translations = (await load(languages)) as Translation[];
    return translations.map(({ locale, data }) => ({
      locale,
      data: Object.fromEntries(
        Object.entries(data).map(([id, word]) => [
          id.startsWith(PREFIX + PREFIX) ? id.slice(PREFIX.length) : id,
          word,
        ]),
      ),
    }));
  };
}
