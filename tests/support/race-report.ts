/** The long run's report: what raced, over which seeds, on which machine, and what came of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import type { Knex } from 'knex';

import { PROJECT_ROOT } from './boot';
import type { RaceRecord } from './race-run';

export const raceReportFile = (): string => process.env.RACE_REPORT ?? join(PROJECT_ROOT, 'docs', 'races.md');

const GIGABYTE = 1024 ** 3;

async function describeMachine(db: Knex): Promise<string> {
  const { rows } = (await db.raw('show server_version')) as { rows: [{ server_version: string }] };
  const [version] = rows[0].server_version.split(' ');
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / GIGABYTE)} GB memory`,
    `Node ${process.version}`,
    `PostgreSQL ${version ?? ''}`,
  ].join(', ');
}

const EVERY_RACE =
  /^\| (?!race \|)(?<name>[^|]+) \| (?<seeds>[^|]+) \| (?<runs>\d+) \| (?<requests>\d+) \|.*\| (?<failed>[^|]+) \| [^|]+ \|$/;

const minute = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const toRow = ({ name, seeds, firstSeed, requests, seconds, endedAt, failures }: RaceRecord): string => {
  const range = seeds === 1 ? String(firstSeed) : `${firstSeed}–${firstSeed + seeds - 1}`;
  const failed = failures.length === 0 ? '0' : failures.map(({ seed }) => seed).join(', ');
  return `| ${name} | ${range} | ${seeds} | ${requests} | ${Math.round(seconds)} | ${failed} | ${minute(endedAt)} |`;
};

/** The rows to write, in the order of `names`: what has raced now, and of the others what the report at `file` says. */
export function mergeRows(names: string[], records: RaceRecord[], before: string): string[] {
  const rows = new Map<string, string>();
  for (const line of before.split('\n')) {
    const name = EVERY_RACE.exec(line)?.groups?.name;
    if (name !== undefined) rows.set(name, line);
  }
  for (const record of records) rows.set(record.name, toRow(record));
  return names.flatMap((name) => rows.get(name) ?? []);
}

const total = (rows: string[], column: 'runs' | 'requests'): number =>
  rows.reduce((sum, row) => sum + Number(EVERY_RACE.exec(row)?.groups?.[column] ?? 0), 0);

/**
 * Writes docs/races.md. Called after every race, so that a run that is stopped leaves what it has; the rows of races that
 * did not run this time stay. `names` are all races there are.
 */
export async function writeRaceReport(db: Knex, records: RaceRecord[], names: string[]): Promise<void> {
  const file = raceReportFile();
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const rows = mergeRows(names, records, before);
  const floods = before.indexOf('\n## ');
  const failed = rows.filter((row) => EVERY_RACE.exec(row)?.groups?.failed !== '0').length;
  const text = `# Races

Written by \`npm run test:races\`; \`npm test\` runs a few seeds of each. Two web processes and a worker, all compiled and in
processes of their own, on one PostgreSQL and one Redis, WeChat played by the sandbox; load, sandbox and servers share the
machine. After every seed the audit (\`npm run audit\`) reads the whole database, and nothing may be left to do. A seed
decides who buys what and when; \`SHOP_SEED=7 npm run test:races\` repeats one. \`RACE_SEEDS\` sets how many (100), and
\`-- -t "two hot"\` picks races; the rows of the others stay as they are.

- Machine of the last run: ${await describeMachine(db)}
- ${rows.length} of ${names.length} races, ${total(rows, 'runs')} runs, ${total(rows, 'requests')} requests, ${failed} races with a failed seed

| race | seeds | runs | requests | seconds | failed seeds | ended |
|---|---|---:|---:|---:|---|---|
${rows.join('\n')}
`;
  // What stands below is not the races' to write.
  writeFileSync(file, floods < 0 ? text : text + before.slice(floods));
}
