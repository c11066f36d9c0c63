import type { Language } from './refusal';

/** Of Chinese and English the one the caller would rather have, the first of equals; Chinese for who names neither. */
export function readLanguage(acceptLanguage: string): Language {
  const wishes = acceptLanguage.split(',').flatMap((entry) => {
    const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const [language] = range.split('-');
    if (language !== 'zh' && language !== 'en') return [];
    const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    return quality > 0 ? [{ language: language as Language, quality }] : [];
  });
  const best = wishes.reduce<(typeof wishes)[number] | undefined>(
    (kept, wish) => (kept === undefined || wish.quality > kept.quality ? wish : kept),
    undefined,
  );
  return best?.language ?? 'zh';
}
