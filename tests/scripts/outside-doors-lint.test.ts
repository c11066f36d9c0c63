import { evaluate } from './in-node';

const WAYS_OUT = [
  "import axios from 'axios'; export const out = axios;",
  "import { request } from 'node:http'; export const out = request;",
  "import * as https from 'https'; export const out = https;",
  "export { request } from 'undici';",
  "export const out = () => fetch('http://127.0.0.1');",
  "export const out = () => globalThis.fetch('http://127.0.0.1');",
  "export const out = () => strapi.fetch('http://127.0.0.1');",
];
const TYPE_ONLY = ["import type { Server } from 'node:http'; export type S = Server;"];

/** How often each text breaks the rules about requests, as the real configuration has them for that file. */
const broken = (cases: [file: string, texts: string[]][]): Promise<number[][]> =>
  evaluate<number[][]>(`
    import { ESLint, Linter } from 'eslint';
    import tseslint from 'typescript-eslint';
    const NAMES = ['@typescript-eslint/no-restricted-imports', 'no-restricted-globals', 'no-restricted-properties'];
    const eslint = new ESLint();
    const linter = new Linter();
    const found = [];
    for (const [file, texts] of ${JSON.stringify(cases)}) {
      const { rules } = await eslint.calculateConfigForFile(file);
      const config = {
        files: ['**/*.ts'],
        plugins: { '@typescript-eslint': tseslint.plugin },
        languageOptions: { parser: tseslint.parser },
        rules: Object.fromEntries(NAMES.map((name) => [name, rules[name] ?? 'off'])),
      };
      found.push(texts.map((text) => linter.verify(text, config, { filename: 'some.ts' }).length));
    }
    answer(found);
  `);

it('lets nothing but the shared door speak to the outside', async () => {
  expect(
    await broken([
      ['src/api/order/services/placement.ts', WAYS_OUT],
      ['src/worker.ts', WAYS_OUT],
      ['config/server.ts', WAYS_OUT],
      ['src/platform/last-resort.ts', TYPE_ONLY],
      ['src/platform/http/outside-call.ts', WAYS_OUT],
    ]),
  ).toEqual([
    WAYS_OUT.map(() => 1),
    WAYS_OUT.map(() => 1),
    WAYS_OUT.map(() => 1),
    [0],
    WAYS_OUT.map(() => 0),
  ]);
});
