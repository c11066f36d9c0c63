/** What clients saw, as the table of docs/operations.md. */
import { writeFileSync } from 'node:fs';

import type { Heard } from './load';
import type { Sight } from './outage';

const seconds = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 1000).toFixed(1)} s` : 'never');

function slowest(heard: Heard[]): string {
  const [longest] = [...heard].sort((one, other) => other.ms - one.ms);
  return longest === undefined ? '–' : `${seconds(longest.ms)} (${longest.kind})`;
}

/** `order 12 of 30, cart 5 of 30: 503 UPSTREAM_UNAVAILABLE`, by answer. */
function refusals(heard: Heard[]): string {
  const kinds = [...new Set(heard.map(({ kind }) => kind))];
  const outcomes = [...new Set(heard.filter(({ isOk }) => !isOk).map(({ outcome }) => outcome))].sort();
  const told = outcomes.map((outcome) => {
    const parts = kinds.flatMap((kind) => {
      const all = heard.filter((each) => each.kind === kind);
      const refused = all.filter((each) => each.outcome === outcome).length;
      return refused === 0 ? [] : [`${kind} ${refused} of ${all.length}`];
    });
    return `\`${outcome}\`: ${parts.join(', ')}`;
  });
  return told.length === 0 ? 'nothing' : told.join(' · ');
}

function row({ outage, heard, recoveredInMs }: Sight): string {
  const of = (phase: Heard['phase']) => heard.filter((each) => each.phase === phase);
  const [before, stopped, after] = [of('before'), of('stopped'), of('after')];
  const cells = [
    outage.name,
    `${before.filter(({ isOk }) => isOk).length} of ${before.length}, ${slowest(before)}`,
    refusals(stopped),
    `${slowest(stopped.filter(({ isOk }) => isOk))} / ${slowest(stopped.filter(({ isOk }) => !isOk))}`,
    refusals(after),
    seconds(recoveredInMs),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Writes the table to a file; prints it when `file` is `-`, does nothing when there is none. */
export function writeOutageTable(sights: Sight[], file: string | undefined): void {
  if (file === undefined || file === '') return;
  const text = [
    '| stopped | before: answered, slowest | refused while it was away | slowest answer / refusal meanwhile | refused after | all answered after |',
    '|---|---|---|---|---|---|',
    ...sights.map(row),
  ].join('\n');
  if (file === '-') process.stderr.write(`\n${text}\n`);
  else writeFileSync(file, `${text}\n`);
}
