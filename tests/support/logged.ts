/**
 * `TEST_LOGS=<folder>`: whatever shop a test starts, in whatever process, logs everything at full level into that folder, and beside it is noted
 * what may stand in no line of it. `scripts/lib/log-check.mjs` looks at the end of the run.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where shops log that nobody looks at. */
export const THROWN_AWAY = join(tmpdir(), 'shop-test-logs');

const folder = process.env.TEST_LOGS;

/** Settings of a shop that overrule its own, but a folder it looks into by itself. */
export function fullLogs({ LOG_DIR }: Record<string, string>): Record<string, string> {
  if (folder === undefined || folder === '') return {};
  const isOwn = LOG_DIR !== undefined && LOG_DIR !== THROWN_AWAY;
  return { LOG_LEVEL: 'debug', ...(isOwn ? {} : { LOG_DIR: folder, LOG_FORMAT: 'json' }) };
}

/** Notes values that no line may hold. `what` names them in a finding. Short ones say nothing and are left out. */
export function noteSecrets(what: string, ...values: (string | undefined)[]): void {
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  for (const value of values)
    if (value !== undefined && value.length >= 4)
      appendFileSync(join(folder, `known-${process.pid}.jsonl`), `${JSON.stringify({ what, value })}\n`);
}

const SECRET_NAME = /SECRET|PASSWORD|SALT|ENCRYPTION_KEY|APP_KEYS|API_V3_KEY|PRIVATE_KEY$|USERNAME$/;
/** Names of accounts that are words of the language. */
const NO_SECRET = /^(?:FIRST_STAFF_USERNAME)$/;

/** Notes what of a shop's settings is secret. */
export function noteSettings(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables))
    if (SECRET_NAME.test(name) && !NO_SECRET.test(name)) noteSecrets(name, value);
}

/** What a process has printed but for the lines that full logs alone bring. */
export const saidByItself = (output: string): string =>
  output
    .split('\n')
    .filter((line) => !/"level":"(?:debug|http|info|warn)"/.test(line))
    .join('\n')
    .trim();
