import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CHECKS, UNIQUE_INDEXES } from '../../database/declared';
import { RULES } from '../../src/api/audit/rules';
import { ALLOWED_MOVES } from '../../src/api/audit/rules/orders';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const document = read('docs/invariants.md');
const sections = document.split(/^## (?=\d+ )/m).slice(1);
const named = [...document.matchAll(/^- `(tests\/[^`]+)` › "([^"]+)"$/gm)].map(
  ([, file, test]) => [file ?? '', test ?? ''] as const,
);

describe('docs/invariants.md', () => {
  it('has a section with a test for each of the ten', () => {
    expect(sections.map((section) => Number.parseInt(section, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const section of sections) expect(section).toMatch(/^- `tests\/.+` › ".+"$/m);
  });

  it.each(named)('names a test that exists: %s › %s', (file, test) => {
    // A quotation mark of the source may be escaped; the documents have typographic ones, which are not.
    expect(read(file)).toContain(test === '500 buyers for' ? '500 buyers for ${pieces}' : test);
  });

  it('names every rule of the audit under its invariant, and no other', () => {
    for (const { name, invariant } of RULES) {
      const section = sections[invariant - 1] ?? '';
      expect(`${name}: ${section.includes(`\`${name}\``)}`).toBe(`${name}: true`);
    }
    const rules = new Set([
      ...RULES.map(({ name }) => name),
      ...UNIQUE_INDEXES.map(({ name }) => `unique.${name}`),
      ...CHECKS.map(({ name }) => `check.${name}`),
      'database.rules',
    ]);
    const mentioned = [
      ...document.matchAll(
        /`((?:stock|history|order|payment|refund|money|promise|haier|check|unique|database)\.[a-z_-]+)`/g,
      ),
    ];
    expect(mentioned.map(([, name]) => name ?? '').filter((name) => !rules.has(name))).toEqual([]);
  });
});

describe('the audit’s table of moves', () => {
  it('allows what the life of an order allows, and an order to be placed', () => {
    expect(ALLOWED_MOVES).toContain('place//pending/shopper');
    expect(ALLOWED_MOVES).toContain('refundRejected/refunding/shipped/staff');
    expect(ALLOWED_MOVES).toContain('revive/cancelled/paid/settlement');
    expect(ALLOWED_MOVES).not.toContain('ship/pending/shipped/staff');
    expect(new Set(ALLOWED_MOVES).size).toBe(ALLOWED_MOVES.length);
  });
});
