import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * One hash over the names and contents of files and folders (relative to `base`), the same on every machine: times and the order
 * of a folder do not count. `skip(relativePath)` leaves files and whole folders out; what does not exist counts as absent.
 */
export function fingerprint(base, inputs, skip = () => false) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => listFiles(base, input, skip)).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(fs.readFileSync(path.join(base, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function listFiles(base, relative, skip) {
  if (skip(relative)) return [];
  const stat = fs.statSync(path.join(base, relative), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [relative];
  return fs
    .readdirSync(path.join(base, relative))
    .flatMap((name) => listFiles(base, `${relative}/${name}`, skip));
}

/** The stamp that `file` holds, or undefined: a stamp that cannot be read is no stamp. */
export function readStamp(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Leaves a stamp in one step, so that a kill in between never leaves half of one. */
export function writeStamp(file, value) {
  fs.writeFileSync(`${file}.new`, `${value}\n`);
  fs.renameSync(`${file}.new`, file);
}
