/**
 * Writes lines behind the back of those who log: collected for a moment, then with one write. What cannot be written is
 * kept as long as there is room, and then lost and counted: a full disk must not stop the shop.
 */
import fs from 'node:fs';

import type { RollingFile } from './rolling-file';

export interface LineWriterOptions {
  file: RollingFile;
  /** Told when writing begins to fail, and with `undefined` when it works again. */
  onTrouble: (error: Error | undefined) => void;
  /** Told of lines that are lost. */
  onLost: (lines: number) => void;
  collectMs?: number;
  maxWaitingBytes?: number;
}

const COLLECT_MS = 50;
const RETRY_MS = 1_000;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

export class LineWriter {
  private waiting: string[] = [];
  private waitingBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isFailing = false;

  constructor(private readonly options: LineWriterOptions) {}

  /** One line, without its end. */
  append(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.waitingBytes + bytes > (this.options.maxWaitingBytes ?? MAX_WAITING_BYTES)) {
      this.options.onLost(1);
      return;
    }
    this.waiting.push(line);
    this.waitingBytes += bytes;
    this.schedule(this.isFailing ? RETRY_MS : (this.options.collectMs ?? COLLECT_MS));
  }

  /** Resolves when nothing waits any more, or the disk refuses it. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.waiting.length > 0) await this.writeNow();
  }

  /** For the end of the process, when nothing is waited for any more. */
  flushSync(): void {
    if (this.waiting.length === 0) return;
    const chunk = this.take();
    try {
      writeWhole(this.options.file.ready(), chunk);
    } catch (error) {
      this.options.onTrouble(error as Error);
    }
  }

  private schedule(ms: number): void {
    if (this.timer !== undefined || this.writing !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.writeNow();
    }, ms);
    // Whoever ends the process flushes; nobody waits for a log.
    this.timer.unref();
  }

  private take(): Buffer {
    const chunk = Buffer.from(`${this.waiting.join('\n')}\n`);
    this.waiting = [];
    this.waitingBytes = 0;
    return chunk;
  }

  private writeNow(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.waiting;
    const chunk = this.take();
    this.writing = this.tryWrite(chunk, lines).finally(() => {
      this.writing = undefined;
      if (this.waiting.length > 0) this.schedule(this.isFailing ? RETRY_MS : COLLECT_MS);
    });
    return this.writing;
  }

  private async tryWrite(chunk: Buffer, lines: string[]): Promise<void> {
    try {
      await write(this.options.file.ready(), chunk);
      if (this.isFailing) this.options.onTrouble(undefined);
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.options.onTrouble(error as Error);
      this.isFailing = true;
      this.putBack(lines);
    }
  }

  private putBack(lines: string[]): void {
    const later = this.waiting;
    this.waiting = [];
    this.waitingBytes = 0;
    for (const line of [...lines, ...later]) this.append(line);
  }
}

/** A disk that is almost full takes a part: the rest follows, or fails with its reason. */
function writeWhole(fd: number, chunk: Buffer): void {
  for (let done = 0; done < chunk.length;) done += fs.writeSync(fd, chunk, done);
}

function write(fd: number, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.write(fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error !== null) reject(error);
      else if (written < chunk.length) write(fd, chunk.subarray(written)).then(resolve, reject);
      else resolve();
    });
  });
}
