/** A disk that takes nothing: full, over its quota or read-only. Programs of others tell of it in words alone. */
const CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS']);
const WORDS = /No space left on device|Disk quota exceeded|File too large|Read-only file system/;

/** True when a file could not be written, though nothing is wrong with what was sent. */
export function isStorageRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (typeof code === 'string' && CODES.has(code)) || WORDS.test(error.message);
}
