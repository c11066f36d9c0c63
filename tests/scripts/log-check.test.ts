import fs from 'node:fs';
import path from 'node:path';

import { evaluate, script, temporaryFolder } from './in-node';

interface Result {
  lines: number;
  known: number;
  findings: { file: string; what: string; line: string }[];
}

const folder = temporaryFolder();
const KNOWN = [
  { what: 'an openid', value: 'oQx7-example_openid' },
  { what: 'an address', value: '某某花园路 77 号' },
];

/** What is found in a log of these lines. */
async function find(...lines: string[]): Promise<string[]> {
  const place = fs.mkdtempSync(path.join(folder, 'run-'));
  fs.writeFileSync(
    path.join(place, 'known-1.jsonl'),
    KNOWN.map((each) => `${JSON.stringify(each)}\n`).join(''),
  );
  fs.writeFileSync(path.join(place, 'app.log'), lines.map((line) => `${line}\n`).join(''));
  const result = await evaluate<Result>(
    `import { checkLogs } from ${script('lib/log-check.mjs')}; answer(await checkLogs(${JSON.stringify(place)}));`,
  );
  expect(result).toMatchObject({ lines: lines.length, known: KNOWN.length });
  return result.findings.map(({ what }) => what);
}

describe('the look through what a run has logged', () => {
  it.each([
    ['{"phone":"13800138000"}', 'a phone number'],
    ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiIxIn0.c2ln', 'a signed token'],
    ['"password":"$2a$10$abcdefghijklmnopqrstuv"', 'the hash of a password'],
    ['-----BEGIN PRIVATE KEY-----', 'a private key'],
    ['signed in as oQx7-example_openid, well', 'an openid'],
    ['sent to 某某花园路 77 号 1 单元', 'an address'],
  ])('finds %s', async (line, what) => {
    expect(await find('{"message":"nothing"}', line)).toEqual([what]);
  });

  it('takes no number for a phone, and no part of a word for the whole', async () => {
    expect(
      await find(
        '{"ms":13800138000123}',
        '{"order":"D2026113001333675966659"}',
        '{"trace":"a025c1986144814dacc9613800138000a"}',
        'oQx7-example_openid2',
        'at 1.13800138000',
      ),
    ).toEqual([]);
  });

  it('of a run is one test, which fails when nothing was logged', async () => {
    const place = fs.mkdtempSync(path.join(folder, 'empty-'));
    const run = (then: string) =>
      evaluate<{ passed: number; failed: number }>(
        `import { checkRunLogs } from ${script('lib/log-check.mjs')};
         import fs from 'node:fs';
         ${then}
         answer(await checkRunLogs(${JSON.stringify(place)}, () => {}));`,
      );
    expect(await run('')).toMatchObject({ passed: 0, failed: 1 });
    const write = (line: string) =>
      `fs.writeFileSync(${JSON.stringify(`${place}/known-1.jsonl`)}, ${JSON.stringify(`${JSON.stringify(KNOWN[0])}\n`)});
       fs.writeFileSync(${JSON.stringify(`${place}/app.log`)}, ${JSON.stringify(`${line}\n`)});`;
    expect(await run(write('well'))).toMatchObject({ passed: 1, failed: 0, notes: [] });
    expect(await run(write('oQx7-example_openid'))).toMatchObject({ passed: 0, failed: 1 });
  });
});
