import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxStartError } from './start-error';
import { emptyState, type SandboxState } from './state';

const FILE = 'state.json';
const DEBOUNCE_MS = 200;

/**
 * Reads the snapshot of a directory, or a fresh state when there is none.
 * Throws SandboxStartError when the file is not a snapshot of this version.
 */
export function loadSnapshot(dir: string | undefined): SandboxState {
  const path = dir === undefined ? undefined : join(dir, FILE);
  if (path === undefined || !existsSync(path)) return emptyState();
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof stored === 'object' && stored !== null && 'version' in stored && stored.version === 1) {
      // Fields added since the snapshot was written start at their defaults.
      return Object.assign(emptyState(), stored);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new SandboxStartError(`${path} is not a snapshot this sandbox can read; delete it to start afresh.`);
}

/** Writes the state soon after a change, never half, readable by its owner only. */
export class SnapshotWriter {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dir: string | undefined,
    private readonly read: () => SandboxState,
  ) {}

  /** Notes a change; several in a row become one write. */
  touch(): void {
    if (this.dir === undefined || this.timer) return;
    this.timer = setTimeout(() => this.flush(), DEBOUNCE_MS);
    this.timer.unref();
  }

  /** Writes now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.dir === undefined) return;
    const path = join(this.dir, FILE);
    // Rename is atomic within a directory: a crash leaves the old snapshot or the new one, never a torn file.
    writeFileSync(`${path}.new`, JSON.stringify(this.read()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
