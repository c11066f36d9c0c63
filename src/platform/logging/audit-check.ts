/** Finds what was changed in, or is missing from, the files of the payment audit. */
import fs from 'node:fs';
import path from 'node:path';

import { CHAIN_START, type ChainEnd, hashLine } from './audit-chain';
import { dayOf } from './rolling-file';

export const AUDIT_NAME = 'payment-audit';

/**
 * changed: a line is not the one its follower was written after · missing: lines are not there · repeated: a line stands
 * there twice, differently · cut: the end of the chain that the anchor knows is not there · unreadable: a line that no chain
 * could have left behind.
 */
export type ProblemKind = 'changed' | 'missing' | 'repeated' | 'cut' | 'unreadable';

export interface AuditProblem {
  kind: ProblemKind;
  chain: string | null;
  /** `payment-audit.log:17`, where it shows. */
  place: string | null;
  zh: string;
  en: string;
}

export interface AuditCheck {
  files: number;
  lines: number;
  chains: number;
  /** Chains no anchor knows, and lines behind the last anchor: young, or the database was away. */
  unanchoredLines: number;
  /** Parts of lines, as a killed process or a full disk leaves them; what they were the beginning of is there, or was never written. */
  fragments: number;
  problems: AuditProblem[];
}

interface Line {
  chain: string;
  number: number;
  prev: string;
  hash: string;
  place: string;
}

/** The files of the audit in a folder, rotated ones first. */
function auditFiles(folder: string): string[] {
  const names = fs.readdirSync(folder);
  const rotated = names.filter((name) => dayOf(AUDIT_NAME, name) !== undefined).sort();
  const current = names.filter((name) => name === `${AUDIT_NAME}.log`);
  return [...rotated, ...current].map((name) => path.join(folder, name));
}

const BEGINNING = '{"chain":"';

function parseLine(text: string, place: string): Line | undefined {
  try {
    const { chain, line, prev } = JSON.parse(text) as Record<string, unknown>;
    if (typeof chain !== 'string' || typeof line !== 'number' || typeof prev !== 'string') return undefined;
    return { chain, number: line, prev, hash: hashLine(text), place };
  } catch {
    return undefined;
  }
}

/** Reads the lines of one file. A part of a line may stand before a whole one that another process appended to it. */
function readFile(file: string, check: AuditCheck, take: (line: Line) => void): void {
  const texts = fs.readFileSync(file, 'utf8').split('\n');
  texts.forEach((text, index) => {
    if (text === '') return;
    const place = `${path.basename(file)}:${index + 1}`;
    check.lines += 1;
    const whole = parseLine(text, place);
    if (whole !== undefined) return take(whole);
    const last = text.lastIndexOf(BEGINNING);
    const behind = last > 0 ? parseLine(text.slice(last), place) : undefined;
    if (behind !== undefined) take(behind);
    const rest = behind === undefined ? text : text.slice(0, last);
    if (BEGINNING.startsWith(rest.slice(0, BEGINNING.length))) check.fragments += 1;
    else
      check.problems.push({
        kind: 'unreadable',
        chain: null,
        place,
        zh: '这一行不是审计记录',
        en: 'this line is no line of the audit',
      });
  });
}

function problem(
  kind: ProblemKind,
  line: Line | undefined,
  chain: string,
  zh: string,
  en: string,
): AuditProblem {
  return { kind, chain, place: line?.place ?? null, zh, en };
}

/** What is wrong inside one chain, whose lines are given by number. */
function checkLinks(chain: string, lines: Line[]): AuditProblem[] {
  const problems: AuditProblem[] = [];
  let before: Line | undefined;
  for (const line of lines) {
    const expected = (before?.number ?? 0) + 1;
    if (before !== undefined && line.number === before.number) {
      problems.push(
        problem(
          'repeated',
          line,
          chain,
          `第 ${line.number} 行出现两次`,
          `line ${line.number} stands there twice`,
        ),
      );
    } else if (line.number !== expected) {
      const [from, to] = [expected, line.number - 1];
      problems.push(
        problem('missing', line, chain, `缺少第 ${from}–${to} 行`, `lines ${from} to ${to} are missing`),
      );
    } else if (line.prev !== (before?.hash ?? CHAIN_START)) {
      const at = before ?? line;
      problems.push(
        problem('changed', at, chain, `第 ${at.number} 行被改动`, `line ${at.number} was changed`),
      );
    }
    before = line;
  }
  return problems;
}

/** What is wrong at the end of a chain, against how far it is known to have come. */
function checkEnd(chain: string, lines: Line[], anchor: ChainEnd): AuditProblem[] {
  const last = lines.at(-1);
  const reached = lines.find(({ number }) => number === anchor.lines);
  if ((last?.number ?? 0) < anchor.lines) {
    const [from, to] = [(last?.number ?? 0) + 1, anchor.lines];
    return [
      problem(
        'cut',
        last,
        chain,
        `末尾缺少第 ${from}–${to} 行`,
        `lines ${from} to ${to} are missing at the end`,
      ),
    ];
  }
  if (reached === undefined || reached.hash === anchor.hash) return [];
  return [
    problem(
      'changed',
      reached,
      chain,
      `第 ${reached.number} 行与数据库中的锚点不符`,
      `line ${reached.number} is not the one the anchor in the database knows`,
    ),
  ];
}

/**
 * Checks all files of the audit in these folders (the log folder, and wherever old files were moved to) against themselves and
 * the anchors. Throws what the file system says when a folder cannot be read.
 */
export function checkAudit(folders: readonly string[], anchors: readonly ChainEnd[]): AuditCheck {
  const check: AuditCheck = { files: 0, lines: 0, chains: 0, unanchoredLines: 0, fragments: 0, problems: [] };
  const chains = new Map<string, Line[]>(anchors.map(({ chain }) => [chain, []]));
  for (const file of folders.flatMap(auditFiles)) {
    check.files += 1;
    readFile(file, check, (line) => {
      const lines = chains.get(line.chain);
      if (lines === undefined) chains.set(line.chain, [line]);
      else lines.push(line);
    });
  }
  const known = new Map(anchors.map((anchor) => [anchor.chain, anchor]));
  for (const [chain, unsorted] of chains) {
    const lines = [...unsorted].sort((a, b) => a.number - b.number);
    check.chains += 1;
    check.problems.push(...checkLinks(chain, lines));
    const anchor = known.get(chain);
    check.unanchoredLines += Math.max(0, (lines.at(-1)?.number ?? 0) - (anchor?.lines ?? 0));
    if (anchor !== undefined) check.problems.push(...checkEnd(chain, lines, anchor));
  }
  return check;
}
