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
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
};

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 60_000,
  cacheDirectory: '<rootDir>/.cache/jest',
  projects: [
    project('unit', ['tests/unit/**/*.test.ts', 'tests/scripts/**/*.test.ts', 'src/**/*.test.ts']),
    project('sandbox', ['tests/sandbox/**/*.test.ts']),
    project('integration-sqlite', ['tests/integration/**/*.test.ts'], booted),
    project(
      'integration-postgres',
      ['tests/integration/**/*.test.ts', 'tests/concurrency/**/*.test.ts'],
      booted,
    ),
  ],
};
