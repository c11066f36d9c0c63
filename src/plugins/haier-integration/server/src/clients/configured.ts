/** What a call needs of the settings; without it nothing is sent. */
import type { System } from '../constants';
import { HaierError } from '../domain/errors';

/** Throws `not_configured` with the names of the blank fields, for the settings page to show. */
export function requireFields<Part extends object>(
  system: System,
  operation: string,
  part: Part,
  fields: readonly (keyof Part & string)[],
): void {
  const missing = fields.filter((field) => part[field] === '');
  if (missing.length === 0) return;
  throw new HaierError({
    system,
    operation,
    kind: 'not_configured',
    upstreamMessage: `not set: ${missing.join(', ')}`,
  });
}

/** A path of an interface under a base address, whether or not that ends with a slash. */
export const joinUrl = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`;
