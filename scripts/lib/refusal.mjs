/** A failure that was foreseen: one sentence for people in both languages, and no stack trace. */
export class Refusal extends Error {
  constructor(chinese, english, { exitCode = 1 } = {}) {
    super(`${chinese} ${english}`);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}

const BY_SYSTEM_CODE = {
  ENOSPC: () =>
    new Refusal('磁盘已满，请腾出空间后重试。', 'The disk is full: free some space and try again.'),
  EDQUOT: () =>
    new Refusal(
      '磁盘配额已用完，请腾出空间后重试。',
      'The disk quota is used up: free some space and try again.',
    ),
  EACCES: (where) => new Refusal(`没有写入权限：${where}。`, `No permission to write ${where}.`),
  EPERM: (where) => new Refusal(`没有写入权限：${where}。`, `No permission to write ${where}.`),
  EROFS: (where) => new Refusal(`文件系统为只读：${where}。`, `The file system is read-only: ${where}.`),
  EMFILE: () => new Refusal('打开的文件过多，请提高 ulimit -n。', 'Too many open files: raise ulimit -n.'),
};

/** The sentence for any error: a foreseen one says its own, a system error is translated, the rest is named as unexpected. */
export function toRefusal(error) {
  if (error instanceof Refusal) return error;
  const translate = BY_SYSTEM_CODE[error?.code];
  if (translate) return translate(error.path ?? error.syscall ?? '');
  const message = String(error?.message ?? error).split('\n')[0];
  return new Refusal(
    `意外错误：${message}（设 DEBUG=1 查看详情）。`,
    `Unexpected: ${message} (DEBUG=1 shows more).`,
  );
}

/** Prints the sentence of `error` and sets the exit code; the stack only when DEBUG asks for it. */
export function report(error) {
  const refusal = toRefusal(error);
  console.error(`✗ ${refusal.message}`);
  if (process.env.DEBUG && error?.stack) console.error(error.stack);
  process.exitCode = refusal.exitCode;
  return refusal;
}

/** Runs `task` and reports what it throws, so that no entry file ever ends in a stack trace. */
export async function refusing(task) {
  try {
    await task();
  } catch (error) {
    report(error);
  }
}
