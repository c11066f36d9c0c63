/**
 * A log file that any number of processes append to: `app.log` is the one that is written now, `app.2026-11-29.log`,
 * `app.2026-11-29.1.log` are those of a day that are full or over. Whole lines only, each with one write at the end of the
 * file (O_APPEND), so lines of several processes stand beside and never inside each other. The folder must be a local disk:
 * network file systems do not keep that promise.
 */
import fs from 'node:fs';
import path from 'node:path';

import { addDays, beijingDay } from '../../domain/beijing-day';

export interface RollingFileOptions {
  folder: string;
  /** `app` for `app.log`. */
  name: string;
  maxBytes?: number;
  /** Files of days before these are removed; all stay when left out. */
  keepDays?: number;
  /** For tests. The machine's clock, not the shop's: tests move that one. */
  now?: () => Date;
}

const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
/** A process that died over a rotation keeps the others from it for no longer than this. */
const STALE_LOCK_MS = 10_000;

export class RollingFile {
  readonly file: string;
  private readonly maxBytes: number;
  private readonly now: () => Date;
  private fd: number | undefined;
  private inode = 0;

  /** Opens the file. Throws what the file system says when it cannot be written. */
  constructor(private readonly options: RollingFileOptions) {
    this.file = path.join(options.folder, `${options.name}.log`);
    this.maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.now = options.now ?? (() => new Date());
    fs.mkdirSync(options.folder, { recursive: true });
    this.ready();
  }

  /** The descriptor to write to now, after what was due is rotated. Throws what the file system says. */
  ready(): number {
    const stat = fs.statSync(this.file, { throwIfNoEntry: false });
    if (stat === undefined) return this.reopen();
    if (stat.size > 0 && this.isOver(stat)) this.rotate(stat);
    else if (this.fd !== undefined && stat.ino === this.inode) return this.fd;
    return this.reopen();
  }

  close(): void {
    if (this.fd === undefined) return;
    const fd = this.fd;
    this.fd = undefined;
    fs.closeSync(fd);
  }

  private isOver(stat: fs.Stats): boolean {
    return stat.size >= this.maxBytes || beijingDay(stat.mtime) !== beijingDay(this.now());
  }

  private reopen(): number {
    this.close();
    this.fd = fs.openSync(this.file, 'a', 0o640);
    this.inode = fs.fstatSync(this.fd).ino;
    return this.fd;
  }

  /** Of several processes one renames; the others find the new file with their next line. */
  private rotate(seen: fs.Stats): void {
    const lock = path.join(this.options.folder, `.${this.options.name}.rotating`);
    if (!takeLock(lock)) return;
    try {
      const current = fs.statSync(this.file, { throwIfNoEntry: false });
      if (current?.ino === seen.ino) fs.renameSync(this.file, this.freeName(beijingDay(seen.mtime)));
      this.removeOld();
    } finally {
      fs.rmSync(lock, { force: true });
    }
  }

  private freeName(day: string): string {
    for (let turn = 0; ; turn += 1) {
      const suffix = turn === 0 ? '' : `.${turn}`;
      const name = path.join(this.options.folder, `${this.options.name}.${day}${suffix}.log`);
      if (!fs.existsSync(name)) return name;
    }
  }

  private removeOld(): void {
    const { folder, name, keepDays } = this.options;
    if (keepDays === undefined) return;
    const oldest = addDays(beijingDay(this.now()), -keepDays);
    for (const entry of fs.readdirSync(folder)) {
      const day = dayOf(name, entry);
      if (day !== undefined && day < oldest) fs.rmSync(path.join(folder, entry), { force: true });
    }
  }
}

/** The day in the name of a file that was rotated; undefined for the one in use and for what is no file of this log. */
export function dayOf(name: string, entry: string): string | undefined {
  const match = /^(.+)\.(\d{4}-\d{2}-\d{2})(?:\.\d+)?\.log$/.exec(entry);
  return match?.[1] === name ? match[2] : undefined;
}

function takeLock(lock: string): boolean {
  try {
    fs.closeSync(fs.openSync(lock, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const stat = fs.statSync(lock, { throwIfNoEntry: false });
    // Gone with the next line; who is late by one line loses nothing.
    if (stat !== undefined && Date.now() - stat.mtimeMs > STALE_LOCK_MS) fs.rmSync(lock, { force: true });
    return false;
  }
}
