/** docs/haier-contract-tests.md names tests; they are all there, and every mistake of before has one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const MISTAKES = Array.from({ length: 13 }, (_, index) => String(index + 1));

const rows = readFileSync(join(ROOT, 'docs/haier-contract-tests.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, rule, file, name] = /^\| (.+?) +\| `(tests\/[^`]+)` +\| `(.+)` +\|$/.exec(line) ?? [];
    return rule === undefined || file === undefined || name === undefined ? [] : [{ rule, file, name }];
  });

describe('the list of tests of the contract', () => {
  it.each(rows)('$rule: $name', ({ file, name }) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(name);
  });

  it('has a test with its number for every mistake of before', () => {
    const numbered = rows.filter(({ rule, name }) => name.startsWith(`mistake ${rule}: `));
    expect([...new Set(numbered.map(({ rule }) => rule))].sort()).toEqual([...MISTAKES].sort());
    expect(rows.length).toBeGreaterThan(60);
  });
});
