/* global document, Node */
/**
 * Runs in the browser. What a person would stumble over on the page: ids instead of words, the other language, controls without a
 * name, a page that must be scrolled sideways.
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- read and evaluated as text
function stumblingBlocks({ language, prefixes, within }) {
  const isShown = (element) => element.checkVisibility();
  const roots = [...document.querySelectorAll(within)];
  const own = (element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => (node.textContent ?? '').trim())
      .filter((text) => text !== '');
  const texts = roots.flatMap((root) =>
    [...root.querySelectorAll('*')].flatMap((element) =>
      element.closest('script, style, pre, [translate=no]') === null ? own(element) : [],
    ),
  );
  const isRaw = (text) =>
    /haier-integration\.[a-z]/.test(text) ||
    /\{\w+\}/.test(text) ||
    (/^[a-z][\w-]*(\.[\w-]+)*$/.test(text) && prefixes.includes(text.split('.')[0] ?? ''));
  // Sentences; a name, a code or a unit may be of another language.
  const isEnglish = (text) => /[A-Za-z]{2,}[ ,.;]+[A-Za-z]{2,}[ ,.;]+[A-Za-z]{2,}/.test(text);
  const named = roots.flatMap((root) => [
    ...root.querySelectorAll('th, label, h1, h2, button, [role=tab], [role=alert]'),
  ]);
  const chinese = named
    .map((element) => (element.textContent ?? '').trim())
    .filter((text) => /\p{Script=Han}/u.test(text));
  const controls = roots.flatMap((root) => [
    ...root.querySelectorAll('button, a, input:not([type=hidden]), textarea, [role=combobox]'),
  ]);
  const nameOf = (element) => [
    element.textContent,
    element.getAttribute('aria-label'),
    element.getAttribute('title'),
    ...(element.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent),
    ...[...(element.labels ?? [])].map((label) => label.textContent),
  ];
  const isUnnamed = (element) =>
    isShown(element) &&
    element.getAttribute('aria-hidden') !== 'true' &&
    nameOf(element).every((words) => (words ?? '').trim() === '');
  return {
    rawIds: texts.filter(isRaw),
    foreign: language === 'en' ? chinese : texts.filter(isEnglish),
    unnamed: controls.filter(isUnnamed).map((element) => element.outerHTML.slice(0, 160)),
    isTooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth + 1,
  };
}
