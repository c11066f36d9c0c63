import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { DIST, PROJECT_ROOT } from '../support/boot';
import { evaluate, script } from './in-node';

interface Break {
  name: string;
  found: string;
  suites: string[];
}

describe('the safeguards that scripts/break-it.mjs takes out', () => {
  it('are there to be taken out, and so are the tests that must go red', async () => {
    const breaks = await evaluate<Break[]>(`
      import { BREAKS, withoutSafeguards } from ${script('lib/breaks.mjs')};
      const found = ({ cuts }) => {
        try { return String(withoutSafeguards(${JSON.stringify(DIST)}, cuts).size > 0); } catch (error) { return error.message; }
      };
      answer(BREAKS.map((each) => ({ name: each.name, found: found(each), suites: each.run.filter((part) => part.startsWith('tests/')) })));
    `);
    expect(breaks.map(({ name, found }) => [name, found])).toEqual(breaks.map(({ name }) => [name, 'true']));
    expect(breaks.length).toBeGreaterThan(4);
    for (const { suites } of breaks) {
      expect(suites).not.toEqual([]);
      for (const suite of suites)
        expect([suite, existsSync(join(PROJECT_ROOT, suite))]).toEqual([suite, true]);
    }
  });
});
