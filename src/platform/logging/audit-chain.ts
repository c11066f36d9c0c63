/**
 * The payment audit: append-only, one JSON object a line, each with the hash of the line before it in its chain. Every
 * process writes a chain of its own, begun with its first line; the chains of one folder stand in one file, line by line.
 *
 *   {"chain":"…","line":1,"at":"…","event":"chain.opened",…,"prev":"000…"}
 *   {"chain":"…","line":2,"at":"…","event":"payment.succeeded","payment":"P…","amountFen":1990,…,"prev":"<sha-256 of line 1>"}
 *
 * A chain shows every change inside it. What was cut off its end shows against its anchor: how far it had come and the hash
 * of its last line, which `onGrown` is told and which is kept elsewhere (the database).
 */
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';

import type { RollingFile } from './rolling-file';

export const CHAIN_START = '0'.repeat(64);

/** How far a chain has come. */
export interface ChainEnd {
  chain: string;
  lines: number;
  /** SHA-256 of the last line without its end, hexadecimal. */
  hash: string;
}

export interface AuditChainOptions {
  file: RollingFile;
  processName: string;
  /** Told after lines are in the file. */
  onGrown: (end: ChainEnd) => void;
  /** Told when writing begins to fail, and with `undefined` when it works again. */
  onTrouble: (error: Error | undefined) => void;
  /** Told of a line for which there is no room; without one it is written nowhere. */
  onLost: (line: string) => void;
  maxWaiting?: number;
  retryMs?: number;
}

export type AuditFields = Record<string, string | number | boolean | readonly string[] | null | undefined>;

const MAX_WAITING = 20_000;
const RETRY_MS = 1_000;

export const hashLine = (line: string): string => createHash('sha256').update(line).digest('hex');

export class AuditChain {
  private readonly chain = randomUUID();
  private lines = 0;
  private hash = CHAIN_START;
  private written: ChainEnd = { chain: this.chain, lines: 0, hash: CHAIN_START };
  /** Lines that are in the chain and not yet in the file, oldest first. */
  private waiting: { line: string; end: ChainEnd }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isFailing = false;
  /** The last write put a part of a line into the file. */
  private isTorn = false;
  private isEnded = false;

  constructor(private readonly options: AuditChainOptions) {}

  /**
   * Appends one line, in the file when it returns. While the file cannot be written lines wait in memory, in their order,
   * and the caller goes on: what happened to money has happened. Fields must be masked.
   */
  append(event: string, fields: AuditFields): void {
    if (this.lines === 0) this.add('chain.opened', { process: this.options.processName });
    this.add(event, fields);
    this.write();
  }

  /** How many lines wait for the disk. */
  waitingLines(): number {
    return this.waiting.length;
  }

  /** Writes that the process stops in order; to be called while the anchor can still be kept. */
  end(): void {
    if (this.lines > 0 && !this.isEnded) this.add('chain.closed', {});
    this.isEnded = true;
    this.write();
  }

  /** Ends the chain for good. Lines that still wait for the disk are handed to `onLost`. */
  close(): void {
    this.end();
    clearTimeout(this.timer);
    for (const { line } of this.waiting.splice(0)) this.options.onLost(line);
    this.options.file.close();
  }

  private add(event: string, fields: AuditFields): void {
    if (this.waiting.length >= (this.options.maxWaiting ?? MAX_WAITING)) {
      this.options.onLost(JSON.stringify({ event, ...fields }));
      return;
    }
    const line = JSON.stringify({
      chain: this.chain,
      line: this.lines + 1,
      at: new Date().toISOString(),
      event,
      ...fields,
      prev: this.hash,
    });
    this.lines += 1;
    this.hash = hashLine(line);
    this.waiting.push({ line, end: { chain: this.chain, lines: this.lines, hash: this.hash } });
  }

  private write(): void {
    try {
      while (this.waiting[0] !== undefined) {
        this.writeLine(this.waiting[0].line);
        this.written = this.waiting[0].end;
        this.waiting.shift();
      }
      if (this.isFailing) this.options.onTrouble(undefined);
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.options.onTrouble(error as Error);
      this.isFailing = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.write(), this.options.retryMs ?? RETRY_MS);
      this.timer.unref();
    }
    if (this.written.lines > 0) this.options.onGrown(this.written);
  }

  /** With one write, so that lines of other processes stand beside it. A part that was left behind ends with its own line. */
  private writeLine(line: string): void {
    const bytes = Buffer.from(`${this.isTorn ? '\n' : ''}${line}\n`);
    const written = fs.writeSync(this.options.file.ready(), bytes);
    this.isTorn = written < bytes.length;
    if (this.isTorn) throw new Error(`only ${written} of ${bytes.length} bytes could be written`);
  }
}
