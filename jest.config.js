// Compiled by swc, not type-checked: `npm run check` does that. The shop itself runs from dist in the integration suites.
const transform = {
  '^.+\\.tsx?$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript', decorators: false }, target: 'es2022' },
      module: { type: 'commonjs' },
    },
  ],
};

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  testEnvironment: 'node',
  transform,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/', '<rootDir>/.data/', '<rootDir>/.tmp/'],
  ...more,
});

const booted = {
  testEnvironment: '<rootDir>/tests/support/shop-environment.ts',
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
};

// PostgreSQL is what a shop runs on; every suite runs there. SQLite is for development and the demo: there run the suites of what
// shoppers and staff do, and not those that ask how the shop meets a broken outside world or a hostile caller, which the same code
// answers on both. `ALL_ON_SQLITE=true npm test` runs them all.
const POSTGRES_ALONE = [
  'audit-database',
  'back-office-(guard|secrets|uploads)',
  'bad-input-(fields|found|headers|last-resort|panel|transport)',
  'files-bucket',
  'haier-(call|clients|connection|command|last|mess|orders-cancel|permissions|settings|sync-)',
  'list-plans',
  'money-(deadline|double|notices|prepay|refunds-)',
  'outbox-(deadlines|worker)',
  'rate-limit-',
  'reconciliation-',
  'shipping-refusals',
];
const onPostgresAlone =
  process.env.ALL_ON_SQLITE === 'true'
    ? []
    : POSTGRES_ALONE.map((name) => `<rootDir>/tests/integration/${name}[^/]*\\.test\\.ts$`);

/** @type {import('jest').Config} */
module.exports = {
  // Only what hangs takes that long; a busy machine is slow, not wrong.
  testTimeout: 120_000,
  cacheDirectory: '<rootDir>/.cache/jest',
  testSequencer: '<rootDir>/tests/support/longest-first.cjs',
  projects: [
    project('unit', ['tests/unit/**/*.test.ts', 'tests/scripts/**/*.test.ts', 'src/**/*.test.ts']),
    project('sandbox', ['tests/sandbox/**/*.test.ts']),
    project('integration-sqlite', ['tests/integration/**/*.test.ts'], {
      ...booted,
      testPathIgnorePatterns: onPostgresAlone,
    }),
    project(
      'integration-postgres',
      ['tests/integration/**/*.test.ts', 'tests/concurrency/**/*.test.ts'],
      booted,
    ),
  ],
};
