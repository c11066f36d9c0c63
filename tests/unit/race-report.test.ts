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
