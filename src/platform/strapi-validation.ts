import { createRequire } from 'node:module';

type Done = (error: unknown, value?: unknown) => void;
type Test = (this: unknown, value: unknown, context: unknown) => unknown;
interface TestOptions {
  test: Test;
}
/** A test as yup keeps it: called with what to look at, it reports to `done`. */
interface Validation {
  (input: { sync?: boolean }, done: Done): void;
  OPTIONS?: TestOptions;
}
type RunTests = (options: { tests: Validation[] }, done: Done) => void;

/** The parts of yup, in the copy Strapi uses, that are needed here. */
interface YupParts {
  runTests: { default: RunTests };
  createValidation: { default: (options: TestOptions) => Validation };
}

function yupOfStrapi(): YupParts {
  const load = createRequire(require.resolve('@strapi/utils'));
  return {
    runTests: load('yup/lib/util/runTests') as YupParts['runTests'],
    createValidation: load('yup/lib/util/createValidation') as YupParts['createValidation'],
  };
}

const patched = new WeakSet<RunTests>();

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** The same test, whose rejection reaches `done`. */
function heard(validation: Validation, create: YupParts['createValidation']['default']): Validation {
  const { OPTIONS: options } = validation;
  if (options === undefined) return validation;
  return (input, done) => {
    let failure: { error: unknown } | undefined;
    const test: Test = function (value, context) {
      const outcome = options.test.call(this, value, context);
      if (!isThenable(outcome)) return outcome;
      return Promise.resolve(outcome).catch((error: unknown) => {
        failure = { error };
        return false;
      });
    };
    create({ ...options, test })(input, (error, value) =>
      failure === undefined ? done(error, value) : done(failure.error),
    );
  };
}

/**
 * Lets the failure of a check that asks the database reach whoever waits for it. The version of yup that Strapi 5.54
 * is bound to (0.32.9) drops the rejection of such a check: Node ends the process over it, and the request, which holds
 * a connection in an aborted transaction, is never answered. Any value PostgreSQL refuses (a NUL, a number beyond the
 * column) in a field checked so, such as a unique one or the folder of a file, is enough. yup 0.32.11 has the missing
 * `catch`. Call in `register`.
 */
export function hearFailedChecks(): void {
  const { runTests, createValidation } = yupOfStrapi();
  const original = runTests.default;
  if (patched.has(original)) return;
  const hearing: RunTests = (options, done) =>
    original({ ...options, tests: options.tests.map((test) => heard(test, createValidation.default)) }, done);
  patched.add(hearing);
  runTests.default = hearing;
}
