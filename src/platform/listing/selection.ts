import { isRecord } from '../is-record';
import { type Problems } from './problems';
import { readList } from './values';

/** Relations that may be asked for, with the fields each of them shows; a list of names shows each as it is. */
export type RelationRules = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** The parts of an answer a request named; undefined: what the resource shows by itself. */
export interface Selection {
  fields?: string[];
  populate?: string[];
  /** `populate[relation][fields]`: what is wanted of a relation. */
  nested?: ReadonlyMap<string, readonly string[]>;
}

/** Names the row, so it is in every answer and may be asked for of everything. */
const ALWAYS = 'documentId';

function readNames(value: unknown, allowed: readonly string[], path: string[], problems: Problems): string[] {
  const names = readList(value);
  if (names.includes('*')) return [...allowed];
  for (const entry of names) {
    if (!allowed.includes(entry) && (entry !== ALWAYS || allowed.length === 0))
      problems.add([...path, entry], 'is not known here');
  }
  return names;
}

const isKeyed = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) && !Object.keys(value).every((key) => /^\d+$/.test(key));

/** `populate[relation]=true`, or with the fields wanted of it; anything else would be dropped without a word. */
function readRelation(
  value: unknown,
  shown: readonly string[],
  path: string[],
  problems: Problems,
): readonly string[] | undefined {
  if (value === 'true' || value === '*') return undefined;
  if (!isRecord(value)) {
    problems.add(path, 'must be true or false');
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (key !== 'fields') problems.add([...path, key], 'is not known here');
  }
  return value.fields === undefined
    ? undefined
    : readNames(value.fields, shown, [...path, 'fields'], problems);
}

function readRelations(value: unknown, rules: RelationRules, problems: Problems): Selection {
  const names = Array.isArray(rules) ? (rules as readonly string[]) : Object.keys(rules);
  if (value === undefined) return {};
  if (!isKeyed(value)) {
    return { populate: readNames(value, names, ['populate'], problems).filter((name) => name !== ALWAYS) };
  }
  const wanted = Object.entries(value).filter(([, entry]) => entry !== 'false');
  const nested = new Map<string, readonly string[]>();
  for (const [name, entry] of wanted) {
    if (!names.includes(name)) {
      problems.add(['populate', name], 'is not known here');
      continue;
    }
    const shown = Array.isArray(rules) ? [] : (rules as Record<string, readonly string[]>)[name];
    const fields = readRelation(entry, shown ?? [], ['populate', name], problems);
    if (fields !== undefined) nested.set(name, fields);
  }
  return { populate: wanted.map(([name]) => name), nested };
}

/** Which parts of an answer `fields` and `populate` name, of those that `rules` allow. */
export function readSelection(
  query: { fields?: unknown; populate?: unknown },
  rules: { fields?: readonly string[]; populate?: RelationRules },
  problems: Problems,
): Selection {
  const fields =
    query.fields === undefined
      ? undefined
      : readNames(query.fields, rules.fields ?? [], ['fields'], problems);
  return { fields, ...readRelations(query.populate, rules.populate ?? [], problems) };
}

/** These parts of a row, of each of several, or of none; its documentId always. */
export function pick(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => pick(entry, names));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => name === ALWAYS || names.includes(name)),
  );
}

/** What was asked for of an answer that has everything: the fields named, and the relations named beside them. */
export function select<T extends object>(answer: T, { fields, populate = [] }: Selection): Partial<T> {
  // `pick` only leaves out.
  return fields === undefined ? answer : (pick(answer, [...fields, ...populate]) as Partial<T>);
}
