import tseslint from 'typescript-eslint';
import { importBoundaries } from './scripts/lint/import-boundaries.mjs';

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'Buffer', 'URL', 'fetch', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate',
    'AbortController', 'AbortSignal', 'SharedArrayBuffer', 'Atomics', 'Int32Array', 'URLSearchParams', 'structuredClone', 'TextEncoder',
    'TextDecoder', 'require', 'module', '__dirname', '__filename'].map((name) => [name, 'readonly']),
);

const noEnvironment = {
  selector: "MemberExpression[object.type='MemberExpression'][object.object.name='process'][object.property.name='env']:not(AssignmentExpression > .left)",
  message: 'Settings are read in config/environment only.',
};
const noOwnClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The domain has no clock of its own: take the time as a parameter.' },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'The domain has no clock of its own: take the time as a parameter.' },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'The domain rolls no dice: take random values as a parameter.' },
  { selector: "Identifier[name='process']", message: 'The domain knows no process.' },
];

export default tseslint.config(
  {
    ignores: ['node_modules/', 'dist/', 'build/', '.cache/', '.data/', '.tmp/', '.strapi/', 'coverage/', 'logs/', 'public/', 'types/generated/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.tests.json', './src/admin/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
    },
  },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-binary-expression': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 300 }],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { shop: { rules: { 'import-boundaries': importBoundaries } } },
    rules: { 'shop/import-boundaries': 'error' },
  },
  {
    files: ['src/**/*.ts', 'config/**/*.ts'],
    ignores: ['config/environment/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnvironment] },
  },
  {
    files: ['src/domain/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnvironment, ...noOwnClock] },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { globals: nodeGlobals },
    rules: { 'no-undef': 'error' },
  },
  // CommonJS where a tool or Strapi asks for it.
  { files: ['**/*.js', '**/*.cjs'], languageOptions: { sourceType: 'commonjs' }, rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // Must be readable by a Node older than the one it asks for.
  { files: ['scripts/lib/supported-node.mjs', 'scripts/prepare.mjs'], rules: { 'no-var': 'off', 'prefer-const': 'off' } },
);
