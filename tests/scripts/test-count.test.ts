import { evaluate, script } from './in-node';

interface Count {
  passed: number;
  failed: number;
  notes: string[];
}

const suite = (status: string, tests: string[]) => ({
  name: '/x.test.ts',
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

const results = (passed: number, failed: number, pending: number, testResults: unknown[]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTotalTests: passed + failed + pending,
  testResults,
});

const count = (given: unknown, options: Record<string, unknown> = {}) =>
  evaluate<Count>(`
    import { countResults } from ${script('lib/jest-run.mjs')};
    answer(countResults('unit', ${JSON.stringify(given) ?? 'undefined'}, ${JSON.stringify({ end: { code: 0 }, ...options })}));
  `);

describe('what npm test counts', () => {
  it('tests that passed and failed', async () => {
    const given = results(3, 1, 0, [
      suite('passed', ['passed', 'passed']),
      suite('failed', ['passed', 'failed']),
    ]);
    expect(await count(given, { end: { code: 1 } })).toMatchObject({ passed: 3, failed: 1 });
  });

  it('a suite that could not run as one failure', async () => {
    const given = results(1, 0, 0, [suite('passed', ['passed']), suite('failed', [])]);
    expect(await count(given, { end: { code: 1 } })).toMatchObject({ passed: 1, failed: 1 });
  });

  it('a suite whose clean-up failed after its tests passed', async () => {
    const given = results(1, 0, 0, [suite('failed', ['passed'])]);
    expect(await count(given, { end: { code: 1 } })).toMatchObject({ passed: 1, failed: 1 });
  });

  it('a skipped test as a failure, unless tests were chosen by name', async () => {
    const given = results(1, 0, 2, [suite('passed', ['passed', 'pending', 'pending'])]);
    expect(await count(given)).toMatchObject({ passed: 1, failed: 2 });
    expect(await count(given, { byName: true })).toMatchObject({ passed: 1, failed: 0 });
  });

  it('a project without tests as a failure, unless a path narrowed it', async () => {
    expect(await count(results(0, 0, 0, []))).toMatchObject({ passed: 0, failed: 1 });
    expect(await count(results(0, 0, 0, []), { isNarrowed: true })).toMatchObject({ passed: 0, failed: 0 });
  });

  it('a jest that crashed, hung or failed for another reason', async () => {
    expect(await count(undefined, { end: { code: 134 } })).toMatchObject({ passed: 0, failed: 1 });
    const passed = results(2, 0, 0, [suite('passed', ['passed', 'passed'])]);
    expect(await count(passed, { end: { hung: 'open' } })).toMatchObject({ passed: 2, failed: 1 });
    expect(await count(passed, { end: { code: 1 } })).toMatchObject({ passed: 2, failed: 1 });
  });
});

describe('the arguments of npm test', () => {
  const parse = (args: string[]) =>
    evaluate<unknown>(`
      import { parseTestArguments } from ${script('lib/test-arguments.mjs')};
      try { answer(parseTestArguments(${JSON.stringify(args)})); } catch (error) { answer(error.message); }
    `);

  it('run the races and floods alone, for as long as they take', async () => {
    expect(await parse(['--races', '-t', 'kill'])).toEqual({
      projects: ['integration-postgres'],
      jestArguments: ['tests/concurrency/(races|outbox-kills|outbox-expiry|haier-pushes)', '-t', 'kill'],
      isNarrowed: true,
      isLongRaces: true,
    });
  });

  it('pick projects and pass the rest to jest', async () => {
    expect(await parse([])).toMatchObject({
      projects: ['unit', 'sandbox', 'integration-sqlite', 'integration-postgres'],
      isNarrowed: false,
    });
    expect(await parse(['--only', 'integration-sqlite,unit', 'money'])).toEqual({
      projects: ['unit', 'integration-sqlite'],
      jestArguments: ['money'],
      isNarrowed: true,
    });
    expect(await parse(['--only=integration'])).toMatchObject({
      projects: ['integration-sqlite', 'integration-postgres'],
    });
  });

  it('refuse a project that does not exist', async () => {
    expect(await parse(['--only', 'e2e'])).toMatch(/--only takes: unit/);
    expect(await parse(['--only'])).toMatch(/--only takes: unit/);
  });
});
