/** What the suites of one run share. */
export interface TestRun {
  folder: string;
  kind: 'sqlite' | 'postgres';
  /** Name of the prepared database: a PostgreSQL database, or `template.db` in the folder. */
  template: string;
}

export function readTestRun(): TestRun {
  const text = process.env.SHOP_TEST_RUN;
  if (text === undefined) throw new Error('integration tests need the global setup of jest.config.js');
  return JSON.parse(text) as TestRun;
}
