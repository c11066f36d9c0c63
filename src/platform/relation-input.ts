import { isRecord } from './is-record';

/** What a write says about a to-one relation, in any of the forms Strapi takes. */
export type RelationInput =
  { kind: 'unchanged' } | { kind: 'none' } | { kind: 'to'; documentId?: string; id?: number };

const asList = (value: unknown): unknown[] => (value == null ? [] : Array.isArray(value) ? value : [value]);

function readTarget(value: unknown): RelationInput | undefined {
  if (typeof value === 'number') return { kind: 'to', id: value };
  if (typeof value === 'string')
    return /^\d+$/.test(value) ? { kind: 'to', id: Number(value) } : { kind: 'to', documentId: value };
  if (!isRecord(value)) return undefined;
  if (typeof value.documentId === 'string') return { kind: 'to', documentId: value.documentId };
  return value.id === undefined ? undefined : readTarget(value.id);
}

/** The last of the targets, for a to-one relation keeps only one. */
const lastTarget = (value: unknown): RelationInput | undefined =>
  asList(value)
    .map(readTarget)
    .filter((target) => target !== undefined)
    .at(-1);

/** Reads the value of a to-one relation in the data of a write. */
export function readRelationInput(value: unknown): RelationInput {
  if (value === undefined) return { kind: 'unchanged' };
  if (isRecord(value) && ('connect' in value || 'disconnect' in value || 'set' in value)) {
    const connected = lastTarget(value.connect) ?? lastTarget(value.set);
    if (connected !== undefined) return connected;
    const isCleared = ('set' in value && value.set !== undefined) || asList(value.disconnect).length > 0;
    return isCleared ? { kind: 'none' } : { kind: 'unchanged' };
  }
  return lastTarget(value) ?? { kind: 'none' };
}

/** True when the value of a to-many relation asks for a change. */
export function changesRelation(value: unknown): boolean {
  if (value === undefined) return false;
  if (!isRecord(value)) return true;
  if ('set' in value) return true;
  return asList(value.connect).length > 0 || asList(value.disconnect).length > 0;
}

/** True when the value of a to-many relation links something, in any of the forms Strapi takes. */
export function namesTargets(value: unknown): boolean {
  if (!isRecord(value)) return asList(value).length > 0;
  return asList(value.connect).length > 0 || asList(value.set).length > 0;
}
