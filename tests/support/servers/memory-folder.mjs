import fs from 'node:fs';

const SHARED_MEMORY = '/dev/shm';
const GIB = 1024 ** 3;

/**
 * The folder of the machine that lies in memory, when it has `gib` GiB to spare, else undefined (a container often has 64 MB of it).
 * What a test run keeps is thrown away anyway, and waiting for a disk is most of what a small transaction of SQLite does.
 */
export function memoryFolder(gib) {
  try {
    fs.accessSync(SHARED_MEMORY, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(SHARED_MEMORY);
    return bavail * bsize >= gib * GIB ? SHARED_MEMORY : undefined;
  } catch {
    return undefined;
  }
}
