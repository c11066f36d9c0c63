import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LineWriter } from '../../src/platform/logging/line-writer';
import { dayOf, RollingFile } from '../../src/platform/logging/rolling-file';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'log-files-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => fs.readFileSync(join(folder, name), 'utf8');
const names = (): string[] => fs.readdirSync(folder).sort();
const put = (file: RollingFile, line: string): number => fs.writeSync(file.ready(), `${line}\n`);

/** A file whose last line is of another day. */
function age(name: string, day: string): void {
  const moment = new Date(`${day}T12:00:00+08:00`);
  fs.utimesSync(join(folder, name), moment, moment);
}

describe('a log file', () => {
  it('is renamed to the Beijing day of its last line when that is over', () => {
    const file = new RollingFile({ folder, name: 'app' });
    put(file, 'one');
    age('app.log', '2026-01-02');
    put(file, 'two');
    expect(names()).toEqual(['app.2026-01-02.log', 'app.log']);
    expect([read('app.2026-01-02.log'), read('app.log')]).toEqual(['one\n', 'two\n']);
    file.close();
  });

  it('is renamed when it is full, and no earlier file is written over', () => {
    const file = new RollingFile({ folder, name: 'app', maxBytes: 10 });
    for (const line of ['first line', 'second line', 'third line']) put(file, line);
    const rotated = names().filter((name) => dayOf('app', name) !== undefined);
    expect(rotated).toHaveLength(2);
    const inTurn = rotated.sort((a, b) => a.length - b.length);
    expect([...inTurn, 'app.log'].map(read)).toEqual(['first line\n', 'second line\n', 'third line\n']);
    file.close();
  });

  it('is followed by another process that did not rename it', () => {
    const [one, other] = [new RollingFile({ folder, name: 'app' }), new RollingFile({ folder, name: 'app' })];
    put(one, 'a1');
    put(other, 'b1');
    age('app.log', '2026-01-02');
    put(one, 'a2');
    put(other, 'b2');
    expect(read('app.2026-01-02.log')).toBe('a1\nb1\n');
    expect(read('app.log')).toBe('a2\nb2\n');
    one.close();
    other.close();
  });

  it('is not renamed while another process is at it, and a lock of the dead is broken', () => {
    const file = new RollingFile({ folder, name: 'app', maxBytes: 3 });
    fs.writeFileSync(join(folder, '.app.rotating'), '');
    put(file, 'one');
    put(file, 'two');
    expect(names()).toEqual(['.app.rotating', 'app.log']);
    const old = new Date(Date.now() - 60_000);
    fs.utimesSync(join(folder, '.app.rotating'), old, old);
    put(file, 'three');
    put(file, 'four');
    expect(read('app.log')).toBe('four\n');
    expect(names()).not.toContain('.app.rotating');
    file.close();
  });

  it('removes its own files after so many days, and nobody else’s', () => {
    for (const name of [
      'app.2020-01-01.log',
      'app.2020-01-01.3.log',
      'payment-audit.2020-01-01.log',
      'app.old.log',
    ])
      fs.writeFileSync(join(folder, name), 'x');
    const file = new RollingFile({ folder, name: 'app', maxBytes: 3, keepDays: 30 });
    put(file, 'one');
    put(file, 'two');
    const kept = names().filter((name) => name.includes('2020') || name.includes('old'));
    expect(kept).toEqual(['app.old.log', 'payment-audit.2020-01-01.log']);
    file.close();
  });
});

/** Takes the folder away: files cannot be opened where a file stands. */
function breakFolder(): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.writeFileSync(folder, 'in the way');
}
const mendFolder = (): void => {
  fs.rmSync(folder, { force: true });
  fs.mkdirSync(folder);
};

describe('writing behind', () => {
  const troubles: (string | undefined)[] = [];
  let lost = 0;
  const writerOf = (file: RollingFile, maxWaitingBytes?: number): LineWriter =>
    new LineWriter({
      file,
      maxWaitingBytes,
      collectMs: 5,
      onTrouble: (error) =>
        troubles.push(error === undefined ? undefined : (error as NodeJS.ErrnoException).code),
      onLost: (lines) => (lost += lines),
    });
  beforeEach(() => {
    troubles.length = 0;
    lost = 0;
  });

  it('keeps the order, and all lines are there after a flush', async () => {
    const file = new RollingFile({ folder, name: 'app' });
    const writer = writerOf(file);
    const lines = Array.from({ length: 500 }, (_, turn) => `line ${turn}`);
    for (const line of lines) writer.append(line);
    await writer.flush();
    expect(read('app.log')).toBe(`${lines.join('\n')}\n`);
    file.close();
  });

  it('of two writers leaves whole lines', async () => {
    const files = [
      new RollingFile({ folder, name: 'app', maxBytes: 4_000 }),
      new RollingFile({ folder, name: 'app', maxBytes: 4_000 }),
    ];
    const writers = files.map((file) => writerOf(file));
    for (let turn = 0; turn < 300; turn += 1) {
      writers.forEach((writer, who) => writer.append(`${who}:${String(turn).padStart(60, '0')}`));
      if (turn % 10 === 0) await Promise.all(writers.map((writer) => writer.flush()));
    }
    await Promise.all(writers.map((writer) => writer.flush()));
    const all = names()
      .filter((name) => name.endsWith('.log'))
      .flatMap((name) => read(name).split('\n').filter(Boolean));
    expect(names().length).toBeGreaterThan(5);
    expect(all).toHaveLength(600);
    expect(all.every((line) => /^[01]:\d{60}$/.test(line))).toBe(true);
    for (const file of files) file.close();
  });

  it('goes on while the disk refuses, says so once, and writes what waited when it is back', async () => {
    const file = new RollingFile({ folder, name: 'app' });
    const writer = writerOf(file);
    breakFolder();
    writer.append('one');
    await writer.flush();
    writer.append('two');
    await writer.flush();
    expect(troubles).toEqual(['ENOTDIR']);
    mendFolder();
    await writer.flush();
    expect(read('app.log')).toBe('one\ntwo\n');
    expect([troubles, lost]).toEqual([['ENOTDIR', undefined], 0]);
    file.close();
  });

  it('has an end of what waits, and counts what is lost', async () => {
    const file = new RollingFile({ folder, name: 'app' });
    const writer = writerOf(file, 10);
    breakFolder();
    for (let turn = 0; turn < 5; turn += 1) writer.append('1234');
    await writer.flush();
    expect(lost).toBe(3);
    mendFolder();
    await writer.flush();
    expect(read('app.log')).toBe('1234\n1234\n');
    file.close();
  });
});
