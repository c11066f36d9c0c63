/** What the long run says of floods, in docs/races.md below the races. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { raceReportFile } from './race-report';
import { isLongRun } from './seeds';

export const FLOODS = '## Floods';
const TABLE = `${FLOODS}

Thousands of promises at once, for several workers in processes of their own; the last long run of each.

| flood | what was seen | ended |
|---|---|---|`;

/** The report's text with this row in the place of an earlier one of the same flood, or behind all. */
export function withFlood(text: string, name: string, row: string): string {
  const [races = '', floods = ''] = text.split(FLOODS);
  const others = floods.split('\n').filter((line) => /^\| (?!flood \|)[^|-]/.test(line));
  const place = others.findIndex((line) => line.startsWith(`| ${name} |`));
  if (place < 0) others.push(row);
  else others[place] = row;
  return `${races.trimEnd()}\n\n${TABLE}\n${others.join('\n')}\n`;
}

/** Says what a flood came to, and in the long run writes it down. Called only after everything that was expected has held. */
export function noteFlood(name: string, seen: string): void {
  process.stdout.write(`${name}: ${seen}\n`);
  if (!isLongRun) return;
  const file = raceReportFile();
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const ended = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  writeFileSync(file, withFlood(before, name, `| ${name} | ${seen} | ${ended} |`));
}
