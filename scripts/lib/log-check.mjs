import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What is secret by its looks, whoever used it. */
const PATTERNS = [
  ['a phone number', /(?<![\w.])1[3-9]\d{9}(?![\w.])/],
  ['a signed token', /\beyJ[\w-]{10,}\.[\w-]{10,}/],
  ['the hash of a password', /\$2[aby]\$\d\d\$/],
  ['a private key', /BEGIN (?:RSA )?PRIVATE KEY/],
];
/** What a token, an openid or a key is made of: such values are found as whole words. */
const WORD = /[\w-]{4,}/g;
const isWord = (value) => /^[\w-]{4,}$/.test(value);
const MOST_FINDINGS = 50;

/** Lines that hold what looks secret and is none, each with its reason. */
export const ALLOWED = [];

/** What the tests of a run have noted (`tests/support/logged.ts`), as words and as other texts. */
function readKnown(folder) {
  const known = { words: new Map(), texts: new Map() };
  for (const name of fs.readdirSync(folder).filter((each) => /^known-.*\.jsonl$/.test(each)))
    for (const line of fs.readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean)) {
      const { what, value } = JSON.parse(line);
      (isWord(value) ? known.words : known.texts).set(value, what);
    }
  return known;
}

function findIn(line, { words, texts }) {
  for (const [what, pattern] of PATTERNS) if (pattern.test(line)) return what;
  for (const [word] of line.matchAll(WORD)) if (words.has(word)) return words.get(word);
  for (const [text, what] of texts) if (line.includes(text)) return what;
  return undefined;
}

/**
 * Looks through every log in a folder for what a run knows to be secret. Resolves how much was read, and what was found: the file, what it is, the line
 * (its first 500 characters). What a folder has noted is no log.
 */
export async function checkLogs(folder) {
  const known = readKnown(folder);
  const result = { files: 0, lines: 0, known: known.words.size + known.texts.size, findings: [] };
  for (const name of fs
    .readdirSync(folder)
    .filter((each) => each.endsWith('.log'))
    .sort()) {
    result.files += 1;
    const lines = createInterface({
      input: fs.createReadStream(path.join(folder, name)),
      crlfDelay: Infinity,
    });
    for await (const line of lines) {
      result.lines += 1;
      if (result.findings.length >= MOST_FINDINGS) continue;
      const what = findIn(line, known);
      if (what !== undefined && !ALLOWED.some((allowed) => allowed.test(line)))
        result.findings.push({ file: name, what, line: line.slice(0, 500) });
    }
  }
  return result;
}

/** The folder of TEST_LOGS with nothing of an earlier run in it, absolute; undefined without it. */
export function prepareLogFolder(folder) {
  if (!folder) return undefined;
  const place = path.resolve(folder);
  fs.mkdirSync(place, { recursive: true });
  for (const name of fs.readdirSync(place))
    if (/\.log$|^known-.*\.jsonl$/.test(name)) fs.rmSync(path.join(place, name));
  return place;
}

/** The check of a whole run as one test: it fails when a line holds a secret, and when there is nothing to look at. */
export async function checkRunLogs(folder, say) {
  const { files, lines, known, findings } = await checkLogs(folder);
  say(
    `${files} 个日志文件，${lines} 行，已知秘密 ${known} 个 / ${lines} lines in ${files} logs, ${known} known secrets`,
  );
  const notes = findings.map(({ file, what, line }) => `${file}: ${what}: ${line}`);
  if (lines === 0 || known === 0) notes.push(`${folder}: 没有可检查的日志 nothing was logged or noted`);
  return { passed: notes.length === 0 ? 1 : 0, failed: notes.length === 0 ? 0 : 1, notes };
}
