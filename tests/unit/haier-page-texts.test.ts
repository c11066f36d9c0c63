import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import english from '../../src/plugins/haier-integration/admin/src/translations/en.json';
import chinese from '../../src/plugins/haier-integration/admin/src/translations/zh-Hans.json';
import { SETTINGS_FIELDS } from '../../src/plugins/haier-integration/server/src/domain/settings-merge';
import {
  HAIER_STATUSES,
  ORDER_ACTIONS,
  WORK_REASONS,
} from '../../src/plugins/haier-integration/server/src/ports';
import { FAILURE_KINDS } from '../../src/plugins/haier-integration/server/src/domain/errors';

const SOURCES = join(__dirname, '../../src/plugins/haier-integration/admin/src');

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

const usedTexts = (): string[] => {
  const found = new Set<string>();
  for (const path of sourceFiles(SOURCES))
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/\b(?:text|textId)\(\s*'([a-z][\w.-]*)'/g))
      found.add(name as string);
  return [...found].sort();
};

const names = new Set(Object.keys(chinese));

describe('the texts of the Haier pages', () => {
  it('are there in both languages, with the same gaps to fill', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
    const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, gap]) => gap).sort();
    for (const [name, text] of Object.entries(chinese))
      expect([name, gaps((english as Record<string, string>)[name] ?? '')]).toEqual([name, gaps(text)]);
  });

  it('cover every text the pages ask for by name', () => {
    const used = usedTexts();
    expect(used.length).toBeGreaterThan(80);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    ['haier-status', HAIER_STATUSES],
    ['work', WORK_REASONS],
    ['order.action', ORDER_ACTIONS],
    ['order.done', ORDER_ACTIONS],
    ['outcome', FAILURE_KINDS],
    ['setting', SETTINGS_FIELDS.map(({ path }) => path)],
  ] as const)('name every %s the server knows', (group, values) => {
    expect(values.filter((value) => !names.has(`${group}.${value}`))).toEqual([]);
  });
});
