import { FLOODS, withFlood } from '../support/flood-report';
import { mergeRows } from '../support/race-report';

const BEFORE = `| race | seeds | runs | requests | seconds | failed seeds | ended |
|---|---|---:|---:|---:|---|---|
| two hot products | 1–10 | 10 | 3020 | 85 | 0 | 2026-11-23 07:54 UTC |
| a race that is gone | 1–10 | 10 | 1 | 85 | 0 | 2026-11-23 07:54 UTC |
| ship against cancel | 1–9 | 9 | 510 | 78 | 9 | 2026-11-23 07:54 UTC |`;
const record = {
  name: 'ship against cancel',
  seeds: 100,
  firstSeed: 1,
  requests: 5100,
  seconds: 61.4,
  endedAt: new Date('2026-11-29T09:05:59Z'),
  failures: [],
};

describe('the report of the races', () => {
  const rows = mergeRows(['ship against cancel', 'never run', 'two hot products'], [record], BEFORE);

  it('has a race that ran anew in the order of the races, and keeps the row of one that did not', () => {
    expect(rows).toHaveLength(2);
    expect(rows[0]).toBe('| ship against cancel | 1–100 | 100 | 5100 | 61 | 0 | 2026-11-29 09:05 UTC |');
    expect(rows[1]).toBe('| two hot products | 1–10 | 10 | 3020 | 85 | 0 | 2026-11-23 07:54 UTC |');
  });

  it('names the seeds that failed', () => {
    const failures = [{ seed: 7, message: 'sold twice' }];
    expect(mergeRows([record.name], [{ ...record, seeds: 7, failures }], '')[0]).toMatch(/\| 7 \| \d{4}-/);
  });
});

describe('the floods below the races', () => {
  const first = withFlood('# Races\n\n| race |\n', '10 orders', '| 10 orders | all in 2 s | then |');

  it('begin where there were none, and leave the races as they are', () => {
    expect(first.startsWith(`# Races\n\n| race |\n\n${FLOODS}\n`)).toBe(true);
    expect(first.endsWith('|---|---|---|\n| 10 orders | all in 2 s | then |\n')).toBe(true);
  });

  it('have one row for each, in the place of the earlier', () => {
    const second = withFlood(first, '20 messages', '| 20 messages | none lost | now |');
    const third = withFlood(second, '10 orders', '| 10 orders | all in 1 s | now |');
    expect(third.split('\n').slice(-3)).toEqual([
      '| 10 orders | all in 1 s | now |',
      '| 20 messages | none lost | now |',
      '',
    ]);
    expect(third).not.toContain('2 s');
    expect(third.split(FLOODS)).toHaveLength(2);
  });
});
