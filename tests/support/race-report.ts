/** The long run's report: what raced, over which seeds, on which machine, and what came of it. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import type { Knex } from 'knex';

import { PROJECT_ROOT } from './boot';
import type { RaceRecord } from './race-run';

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

const toRow = ({ name, seeds, firstSeed, requests, seconds, failures }: RaceRecord): string => {
  const range = seeds === 1 ? String(firstSeed) : `${firstSeed}–${firstSeed + seeds - 1}`;
  const failed = failures.length === 0 ? '0' : failures.map(({ seed }) => seed).join(', ');
  return `| ${name} | ${range} | ${seeds} | ${requests} | ${Math.round(seconds)} | ${failed} |`;
};

/** Writes docs/races.md. Called after every race, so that a run that is stopped leaves what it has. */
export async function writeRaceReport(db: Knex, records: RaceRecord[], planned: number): Promise<void> {
  const runs = records.reduce((sum, { seeds }) => sum + seeds, 0);
  const requests = records.reduce((sum, { requests: count }) => sum + count, 0);
  const failures = records.reduce((sum, record) => sum + record.failures.length, 0);
  const text = `# Races

Written by \`npm run test:races\`; \`npm test\` runs a few seeds of each. Two web processes and a worker, all compiled and in
processes of their own, on one PostgreSQL and one Redis, WeChat played by the sandbox; load, sandbox and servers share the
machine. After every seed the audit (\`npm run audit\`) reads the whole database, and nothing may be left to do. A seed
decides who buys what and when; \`SHOP_SEED=7 npm run test:races\` repeats one. \`RACE_SEEDS\` sets how many (100).

- Machine: ${await describeMachine(db)}
- Ended: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${records.length} of ${planned} races
- ${runs} runs, ${requests} requests, ${failures} failed seeds

| race | seeds | runs | requests | seconds | failed seeds |
|---|---|---:|---:|---:|---|
${records.map(toRow).join('\n')}
`;
  writeFileSync(process.env.RACE_REPORT ?? join(PROJECT_ROOT, 'docs', 'races.md'), text);
}
