const KEYWORDS = new Set(
  'sum by le rate increase histogram_quantile max min avg count topk on and or unless ignoring group_left offset label_values'.split(
    ' ',
  ),
);
/** The names of metrics in an expression: what is left when labels, times, functions and groupings are gone. */
export const namesIn = (expression: string): string[] => {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|on|ignoring|without)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/(?<![\w.])[a-z_]\w*/gi)]
    .map(([name]) => name)
    .filter((name) => !KEYWORDS.has(name));
};
