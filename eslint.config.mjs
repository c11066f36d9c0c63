import tseslint from 'typescript-eslint';
import { importBoundaries } from './scripts/lint/import-boundaries.mjs';
import { nodeGlobals } from './scripts/lint/node-globals.mjs';
import { noGlobalRequests, noLentRequests, noOtherHttpClients } from './scripts/lint/outside-doors.mjs';
import { noEnvironment, noForgottenCallbacks, noOwnClock } from './scripts/lint/restricted-syntax.mjs';

const PROJECTS = ['./tsconfig.tests.json', './src/admin/tsconfig.json'];

// Files that may be longer than the house allows, each with its reason.
const LONG_FILES = [];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      'build/',
      'coverage/',
      'logs/',
      'public/',
      '.cache/',
      '.data/',
      '.strapi/',
      '.tmp/',
      'types/generated/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300 }],
      'no-async-promise-executor': 'error',
      'no-cond-assign': 'error',
      'no-constant-binary-expression': 'error',
      'no-control-regex': 'error',
      'no-debugger': 'error',
      'no-dupe-else-if': 'error',
      'no-duplicate-case': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-irregular-whitespace': 'error',
      'no-loss-of-precision': 'error',
      'no-misleading-character-class': 'error',
      'no-self-assign': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-useless-catch': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'use-isnan': 'error',
      'valid-typeof': 'error',
    },
  },
  { files: LONG_FILES.length > 0 ? LONG_FILES : ['none'], rules: { 'max-lines': 'off' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { shop: { rules: { 'import-boundaries': importBoundaries } } },
    languageOptions: { parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'shop/import-boundaries': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // A knex query is a promise too, and its builder callbacks return one: arguments are watched by name instead.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-syntax': ['error', ...noForgottenCallbacks],
    },
  },
  {
    files: ['src/**/*.ts', 'config/**/*.ts'],
    ignores: ['config/environment/**', '**/*.test.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...noForgottenCallbacks, ...noEnvironment],
    },
  },
  {
    // The panel runs in a browser and asks its own server.
    files: ['src/**/*.ts', 'config/**/*.ts'],
    ignores: [
      'src/platform/http/**',
      // The plugin's own doors, which ask the shop's guard first: it works in other shops too.
      'src/plugins/haier-integration/server/src/clients/{failure,line,transport}.ts',
      'src/admin/**',
      '**/*.test.ts',
    ],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', noOtherHttpClients],
      'no-restricted-globals': ['error', ...noGlobalRequests],
      'no-restricted-properties': ['error', ...noLentRequests],
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noForgottenCallbacks, ...noEnvironment, ...noOwnClock] },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { globals: nodeGlobals },
    rules: { 'no-undef': 'error' },
  },
  {
    // CommonJS where a tool or Strapi asks for it.
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Must be readable by a Node older than the one it asks for.
    files: ['scripts/lib/supported-node.mjs', 'scripts/prepare.mjs'],
    rules: { 'no-var': 'off', 'prefer-const': 'off' },
  },
);
