/**
 * The logs of this process: console, `app.log`, `error.log` (errors alone), `api.log` (requests) and the payment audit, all in
 * one folder that other processes may share. Made by `config/logger.ts` before anything else of the shop runs.
 */
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';

import { config, format, type Logform, transports } from 'winston';

import { createMasker, type Masker } from '../masking';
import { currentRequest, type RequestContext } from '../request/context';
import { traceFields } from '../tracing';
import { AuditChain, type AuditFields, type ChainEnd } from './audit-chain';
import { AUDIT_NAME } from './audit-check';
import { type ApiCall, contextFields, type LineOptions, type LogInfo, toApiLine, toLine } from './line';
import { LineWriter } from './line-writer';
import { RollingFile } from './rolling-file';

export interface ShopLogOptions {
  /** `silent`: nothing is written anywhere, the payment audit included; for tests. */
  level: string;
  folder: string;
  format: 'text' | 'json';
  role: string;
  /** Values no line may hold, e.g. the keys the shop was started with. */
  secrets: readonly (string | undefined)[];
}

/** What went wrong with the logs themselves, for metrics. */
export interface LogTroubles {
  lostLines: number;
  lostAuditLines: number;
  waitingAuditLines: number;
  /** Files that cannot be written now. */
  failing: string[];
}

const KEEP_DAYS = 30;
const CONTEXT = Symbol('log context');
const MESSAGE = Symbol.for('message');
const LINE_FILES = ['app', 'error', 'api'] as const;
type LineFile = (typeof LINE_FILES)[number];

/**
 * The request or job a line belongs to, taken when it is logged: winston copies these fields onto every line at once, while
 * its formats may run later, in somebody else's request. No plain object, which Strapi's configuration would copy.
 */
class CallContext {
  constructor() {
    Object.defineProperty(this, CONTEXT, {
      enumerable: true,
      get: () => ({ ...contextFields(currentRequest()), ...traceFields() }),
    });
  }
}

type WithSymbols = LogInfo & { [CONTEXT]?: Record<string, unknown>; [MESSAGE]?: string };

class ShopLog {
  private readonly writers = new Map<LineFile, LineWriter>();
  private readonly files: RollingFile[] = [];
  private readonly failing = new Set<string>();
  private readonly chain: AuditChain;
  private readonly lines: LineOptions;
  private readonly masker: Masker;
  private lostLines = 0;
  private lostAuditLines = 0;
  onGrown: (end: ChainEnd) => void = () => undefined;

  /** Opens the files. Throws what the file system says when the folder cannot be written. */
  constructor(private readonly options: ShopLogOptions) {
    this.masker = createMasker(options.secrets);
    const processName = `${options.role}@${os.hostname()}:${process.pid}`;
    this.lines = { format: options.format, masker: this.masker, processName };
    const open = (name: string, keepDays?: number): RollingFile => {
      const file = new RollingFile({ folder: path.resolve(options.folder), name, keepDays });
      this.files.push(file);
      return file;
    };
    for (const name of LINE_FILES) {
      const file = open(name, KEEP_DAYS);
      const onTrouble = this.trouble(`${name}.log`);
      this.writers.set(
        name,
        new LineWriter({ file, onTrouble, onLost: (lines) => (this.lostLines += lines) }),
      );
    }
    this.chain = new AuditChain({
      file: open(AUDIT_NAME),
      processName,
      onGrown: (end) => this.onGrown(end),
      onTrouble: this.trouble(`${AUDIT_NAME}.log`),
      onLost: (line) => {
        this.lostAuditLines += 1;
        // Where the console is kept it is not lost.
        this.say(`payment audit, not in its file: ${line}`);
      },
    });
    process.on('exit', this.onExit);
  }

  /** The options of Strapi's logger. */
  toWinston(): Record<string, unknown> {
    const toFile = (name: LineFile, level?: string) =>
      new transports.Stream({ level, stream: this.streamTo(name), eol: '' });
    const { levels } = config.npm;
    const lowest = levels[this.options.level] ?? 0;
    const line = format((info: Logform.TransformableInfo) => {
      // Winston formats before it asks who wants the line; masking what nobody reads would cost every request.
      if ((levels[info.level] ?? 0) > lowest) return false;
      const full = info as WithSymbols;
      full[MESSAGE] = toLine(full, full[CONTEXT] ?? {}, this.lines);
      return info;
    });
    return {
      level: this.options.level,
      defaultMeta: new CallContext(),
      format: line(),
      transports: [new transports.Console(), toFile('app'), toFile('error', 'error')],
    };
  }

  api(call: ApiCall, context: RequestContext | undefined): void {
    const fields = { ...contextFields(context), ...traceFields() };
    this.writers.get('api')?.append(toApiLine(call, fields, this.lines));
  }

  audit(event: string, fields: AuditFields): void {
    const masked = this.masker.value(fields) as AuditFields;
    this.chain.append(event, { ...masked, ...contextFields(currentRequest()) });
  }

  endAudit(): void {
    this.chain.end();
  }

  troubles(): LogTroubles {
    return {
      lostLines: this.lostLines,
      lostAuditLines: this.lostAuditLines,
      waitingAuditLines: this.chain.waitingLines(),
      failing: [...this.failing],
    };
  }

  async flush(): Promise<void> {
    await Promise.all([...this.writers.values()].map((writer) => writer.flush()));
  }

  close(): void {
    process.off('exit', this.onExit);
    for (const writer of this.writers.values()) writer.flushSync();
    // Whoever logs after this is heard on the console alone.
    this.writers.clear();
    this.chain.close();
    for (const file of this.files) file.close();
  }

  private readonly onExit = (): void => this.close();

  private streamTo(name: LineFile): Writable {
    return new Writable({
      decodeStrings: false,
      write: (line: string, _encoding, done) => {
        this.writers.get(name)?.append(line);
        done();
      },
    });
  }

  /** Not through the logs, which are what is in trouble. */
  private say(sentence: string): void {
    const info = { level: 'error', message: sentence };
    process.stderr.write(`${toLine(info, {}, this.lines)}\n`);
  }

  private trouble(file: string): (error: Error | undefined) => void {
    return (error) => {
      if (error === undefined) this.failing.delete(file);
      else this.failing.add(file);
      this.say(
        error === undefined
          ? `${file} can be written again`
          : `${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? error.message}`,
      );
    };
  }
}

let current: ShopLog | undefined;

/** Opens the logs of this process and returns the options of Strapi's logger. Throws when the folder cannot be written. */
export function openLogs(options: ShopLogOptions): Record<string, unknown> {
  current?.close();
  current = undefined;
  if (options.level === 'silent') return { silent: true };
  current = new ShopLog(options);
  return current.toWinston();
}

/** Writes what waits. To be awaited before the process is left. */
export const flushLogs = async (): Promise<void> => current?.flush();

/** Ends the logs of a shop that has stopped; lines after this go to the console alone. */
export function closeLogs(): void {
  current?.close();
  current = undefined;
}

/** A line of `api.log`, whatever the level, with the request it belongs to. */
export const logApiCall = (call: ApiCall, context: RequestContext | undefined): void =>
  current?.api(call, context);

/**
 * A line of the payment audit, with the request, user and order it belongs to. Ids and amounts in fen, never a secret. To be
 * called once what it tells has been committed.
 */
export const auditMoney = (event: string, fields: AuditFields): void => current?.audit(event, fields);

/** Writes the last line of the payment audit of a shop that stops in order; before its anchor is written for the last time. */
export const endAudit = (): void => current?.endAudit();

/** Tells `onGrown` how far the payment audit of this process has come, after each line. */
export function watchAudit(onGrown: (end: ChainEnd) => void): void {
  if (current !== undefined) current.onGrown = onGrown;
}

export const logTroubles = (): LogTroubles =>
  current?.troubles() ?? { lostLines: 0, lostAuditLines: 0, waitingAuditLines: 0, failing: [] };
