import { type FieldProblem, validationFailed } from '../../domain/refusal';

/** Gathers everything that is wrong with a request, so that one answer names all of it. */
export class Problems {
  readonly list: FieldProblem[] = [];
  add(path: (string | number)[], message: string): void {
    this.list.push({ path, message });
  }
  throwIfAny(): void {
    if (this.list.length > 0) throw validationFailed(this.list);
  }
}

/** `true`, `1`, `false`, `0`; anything else is a problem. */
export function readFlag(value: unknown, path: string[], problems: Problems): boolean | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  problems.add(path, 'must be true or false');
  return undefined;
}
