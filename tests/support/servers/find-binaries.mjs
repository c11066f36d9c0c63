import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const DEBIAN_POSTGRES = '/usr/lib/postgresql';
// Where packages put servers that an ordinary user's PATH leaves out.
const MORE_FOLDERS = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/opt/homebrew/bin'];

/** The folder that holds `initdb` and `postgres`, newest version first; undefined when this machine has none. */
export function findPostgresFolder({ searchPath = process.env.PATH ?? '', debian = DEBIAN_POSTGRES } = {}) {
  return [...foldersOf(searchPath), ...pgConfigFolder(searchPath), ...debianFolders(debian), ...MORE_FOLDERS]
    .map(realFolder)
    .find((folder) => folder && isProgram(folder, 'postgres') && isProgram(folder, 'initdb'));
}

/** The path of `redis-server` (or its twin `valkey-server`); undefined when this machine has none. */
export function findRedisServer({ searchPath = process.env.PATH ?? '', more = MORE_FOLDERS } = {}) {
  for (const folder of [...foldersOf(searchPath), ...more]) {
    for (const name of ['redis-server', 'valkey-server']) {
      if (isProgram(folder, name)) return path.join(folder, name);
    }
  }
  return undefined;
}

const foldersOf = (searchPath) => searchPath.split(path.delimiter).filter(Boolean);

function isProgram(folder, name) {
  try {
    fs.accessSync(path.join(folder, name), fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// A link in /usr/local/bin leads to the folder where the server finds its own parts.
function realFolder(folder) {
  try {
    return path.dirname(fs.realpathSync(path.join(folder, 'postgres')));
  } catch {
    return undefined;
  }
}

function pgConfigFolder(searchPath) {
  try {
    return [
      execFileSync('pg_config', ['--bindir'], {
        env: { PATH: searchPath },
        encoding: 'utf8',
        stdio: 'pipe',
      }).trim(),
    ];
  } catch {
    return [];
  }
}

function debianFolders(base) {
  try {
    const versions = fs.readdirSync(base).sort((left, right) => Number(right) - Number(left));
    return versions.map((version) => path.join(base, version, 'bin'));
  } catch {
    return [];
  }
}
