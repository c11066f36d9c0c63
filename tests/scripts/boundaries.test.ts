import { evaluate } from './in-node';

interface Sample {
  file: string;
  code: string;
}

/** The rules of eslint.config.mjs that fire on each sample, as the real configuration finds them. */
async function lint(samples: Sample[]): Promise<string[][]> {
  return evaluate<string[][]>(`
    import { ESLint } from 'eslint';
    import tseslint from 'typescript-eslint';
    const untyped = { ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] };
    const eslint = new ESLint({ overrideConfig: [untyped, { languageOptions: { parserOptions: { project: null } } }] });
    const found = [];
    for (const { file, code } of ${JSON.stringify(samples)}) {
      const [result] = await eslint.lintText(code, { filePath: file });
      found.push(result.messages.map(({ ruleId, message }) => ruleId ?? message));
    }
    answer(found);
  `);
}

const importing = (specifier: string) =>
  `import { thing } from '${specifier}';\nexport const same = thing;\n`;
const BOUNDARY = 'shop/import-boundaries';

const FORBIDDEN: Array<[string, string]> = [
  ['src/domain/money.ts', '../platform/clock'],
  ['src/domain/money.ts', '../api/order/services/checkout'],
  ['src/domain/money.ts', '../../config/environment'],
  ['src/domain/money.ts', '@strapi/strapi'],
  ['src/domain/money.ts', 'node:fs'],
  ['src/domain/money.ts', 'http'],
  ['src/domain/money.ts', 'axios'],
  ['src/platform/clock.ts', '../api/order/services/checkout'],
  ['src/platform/clock.ts', '../plugins/haier-integration/server/src/index'],
  ['src/platform/outbox/worker.ts', '../../extensions/users-permissions/strapi-server'],
  ['src/api/order/services/checkout.ts', '../../../plugins/haier-integration/server/src/index'],
  ['src/api/order/services/checkout.ts', '../../payment/controllers/payment'],
  ['src/api/order/services/checkout.ts', '../../payment/routes/payment'],
  ['src/api/order/services/checkout.ts', '../../payment/presenters/payment'],
  ['src/api/order/services/checkout.ts', '../../payment/validation/body'],
  ['src/api/order/services/checkout.ts', '../controllers/order'],
  ['src/api/order/controllers/order.ts', '../routes/order'],
  ['src/plugins/haier-integration/server/src/index.ts', '../../../../domain/money'],
  ['src/plugins/haier-integration/server/src/index.ts', '../../../../api/order/services/checkout'],
  ['src/plugins/haier-integration/server/src/index.ts', '../../../other/server/src/index'],
  ['src/index.ts', '../sandbox/main'],
  ['src/index.ts', '../tests/support/app'],
  ['src/platform/clock.ts', '../../tests/support/app'],
  ['config/server.ts', '../sandbox/main'],
  ['config/server.ts', '../tests/support/app'],
  ['sandbox/world.ts', '../src/domain/money'],
];

const ALLOWED: Array<[string, string]> = [
  ['src/domain/pricing.ts', './money'],
  ['src/domain/pricing.test.ts', 'fast-check'],
  ['src/platform/clock.ts', '../domain/money'],
  ['src/platform/clock.ts', 'node:crypto'],
  ['src/api/order/services/checkout.ts', '../../../domain/money'],
  ['src/api/order/services/checkout.ts', '../../../platform/clock'],
  ['src/api/order/services/checkout.ts', '../../inventory/services/stock'],
  ['src/api/order/services/checkout.ts', '../../payment/payment-store'],
  ['src/api/order/controllers/order.ts', '../services/checkout'],
  ['src/api/order/services/checkout.ts', '@strapi/strapi'],
  ['src/plugins/haier-integration/server/src/index.ts', './clients/haier'],
  ['src/index.ts', './plugins/haier-integration/server/src/index'],
  ['tests/integration/order.test.ts', '../../sandbox/main'],
];

describe('import boundaries', () => {
  it('refuse every import that goes against the arrows', async () => {
    const found = await lint(FORBIDDEN.map(([file, specifier]) => ({ file, code: importing(specifier) })));
    const missed = FORBIDDEN.filter((_, index) => !found[index].includes(BOUNDARY));
    expect(missed).toEqual([]);
  });

  it('allow every import along the arrows', async () => {
    const found = await lint(ALLOWED.map(([file, specifier]) => ({ file, code: importing(specifier) })));
    expect(found).toEqual(ALLOWED.map(() => []));
  });

  it('see every way to import', async () => {
    const target = '../platform/clock';
    const ways = [
      `export * from '${target}';\n`,
      `export { now } from '${target}';\n`,
      `export type { Clock } from '${target}';\n`,
      `import type { Clock } from '${target}';\nexport type Mine = Clock;\n`,
      `export type Mine = import('${target}').Clock;\n`,
      `export const load = () => import('${target}');\n`,
      `export const clock = require('${target}') as unknown;\n`,
      `import clock = require('${target}');\nexport { clock };\n`,
    ];
    const found = await lint(ways.map((code) => ({ file: 'src/domain/money.ts', code })));
    expect(ways.filter((_, index) => !found[index].includes(BOUNDARY))).toEqual([]);
  });
});

describe('the house rules', () => {
  it('keep clock, dice and environment out of the domain', async () => {
    const samples = ['new Date()', 'Date.now()', 'Math.random()', 'process.env.HOME'];
    const found = await lint(
      samples.map((expression) => ({
        file: 'src/domain/money.ts',
        code: `export const value = ${expression};\n`,
      })),
    );
    expect(found.map((rules) => rules.includes('no-restricted-syntax'))).toEqual([true, true, true, true]);
    const [given] = await lint([
      { file: 'src/domain/money.ts', code: 'export const at = (ms: number) => new Date(ms);\n' },
    ]);
    expect(given).toEqual([]);
  });

  it('let only config/environment read process.env', async () => {
    const code = 'export const value = process.env.HOME;\n';
    const files = ['src/platform/clock.ts', 'config/server.ts', 'config/environment/index.ts'];
    const found = await lint(files.map((file) => ({ file, code })));
    expect(found).toEqual([['no-restricted-syntax'], ['no-restricted-syntax'], []]);
  });

  it('refuse an async function where nobody waits for it', async () => {
    const forgotten = [
      'setTimeout(async () => {}, 1);',
      '[1].forEach(async () => {});',
      "process.on('exit', async () => {});",
    ];
    const fine = ['setTimeout(() => {}, 1);', 'await Promise.all([1].map(async () => {}));'];
    const found = await lint(
      [...forgotten, ...fine].map((statement) => ({
        file: 'src/platform/clock.ts',
        code: `export {};\n${statement}\n`,
      })),
    );
    expect(found.map((rules) => rules.includes('no-restricted-syntax'))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('refuse any and long files', async () => {
    const [anyFound, longFound] = await lint([
      { file: 'src/platform/clock.ts', code: 'export const value: any = 1;\n' },
      { file: 'src/platform/clock.ts', code: `export const value = 1;\n${'// line\n'.repeat(300)}` },
    ]);
    expect(anyFound).toEqual(['@typescript-eslint/no-explicit-any']);
    expect(longFound).toEqual(['max-lines']);
  });
});
