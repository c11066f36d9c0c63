import { afterCommit } from '../database';

/** Something of the shop has changed: what kind of thing, and which. */
export interface Change {
  subject: string;
  /** The row's id, or its documentId, as the subject's reader knows it. */
  id: number | string;
}

let listener: ((change: Change) => void) | undefined;

/** Who is told of changes from now on; nobody when undefined. One per process. */
export function listenToChanges(onChange: ((change: Change) => void) | undefined): void {
  listener = onChange;
}

/**
 * Says that a row has changed. Whoever listens is told once the open transaction has committed, never of what was
 * rolled back, and reads the row then. Costs nothing when nobody listens.
 */
export function announce(subject: string, id: number | string): void {
  afterCommit(() => listener?.({ subject, id }));
}
