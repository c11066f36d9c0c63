import { evaluate } from './in-node';

// The type-aware rules need a file that belongs to the project, so the real configuration is asked about itself.
it('makes forgotten promises an error everywhere in TypeScript', async () => {
  const files = [
    'src/index.ts',
    'config/server.ts',
    'tests/scripts/in-node.ts',
    'sandbox/main.ts',
    'src/admin/app.tsx',
  ];
  const severities = await evaluate<number[][]>(`
    import { ESLint } from 'eslint';
    const eslint = new ESLint();
    const rules = ['no-floating-promises', 'no-misused-promises', 'no-explicit-any'];
    const found = [];
    for (const file of ${JSON.stringify(files)}) {
      const config = await eslint.calculateConfigForFile(file);
      found.push(rules.map((rule) => config.rules['@typescript-eslint/' + rule][0]));
    }
    answer(found);
  `);
  expect(severities).toEqual(files.map(() => [2, 2, 2]));
});
