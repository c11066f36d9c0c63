/** What has been typed on the settings page and is not saved yet. Pure. */
import type { FieldValue, Part, PartValues, Secret, SettingsAnswer, SettingsPatch } from '../../api-types';
import { FIELDS, PARTS } from './fields';

export type Draft = Partial<Record<Part, Record<string, FieldValue>>>;

export const isSecret = (value: FieldValue | undefined): value is Secret =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'configured' in value;

const isSame = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** The draft with one more change; what is as it was saved is no change. */
export function change(
  draft: Draft,
  saved: SettingsAnswer['data'],
  { part, name, value }: { part: Part; name: string; value: FieldValue },
): Draft {
  const { [name]: _before, ...others } = draft[part] ?? {};
  const isUnchanged = isSame(saved[part][name], value) || (value === '' && isSecret(saved[part][name]));
  const fields = isUnchanged ? others : { ...others, [name]: value };
  const { [part]: _part, ...parts } = draft;
  return Object.keys(fields).length === 0 ? parts : { ...parts, [part]: fields };
}

/** The draft with the addresses of an environment. */
export function applyPreset(
  draft: Draft,
  saved: SettingsAnswer['data'],
  preset: Partial<Record<Part, Record<string, string>>>,
): Draft {
  let filled = draft;
  for (const part of PARTS)
    for (const [name, value] of Object.entries(preset[part] ?? {}))
      filled = change(filled, saved, { part, name, value });
  return filled;
}

/**
 * A numeric field that is being typed is text until it is sent; emptied, it goes back to its default. What is no number is sent as it
 * is, for the server to refuse: JSON would make a null of it, which means "take it away".
 */
function numberOf(typed: string): FieldValue {
  if (typed.trim() === '') return null;
  const number = Number(typed);
  return Number.isFinite(number) ? number : typed;
}

function toSend(part: Part, values: Record<string, FieldValue>): PartValues {
  const kinds = new Map(FIELDS[part].map(({ name, kind }) => [name, kind]));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      kinds.get(name) === 'number' && typeof value === 'string' ? numberOf(value) : value,
    ]),
  );
}

export const patchOf = (draft: Draft, version: number): SettingsPatch => ({
  version,
  ...Object.fromEntries(Object.entries(draft).map(([part, values]) => [part, toSend(part as Part, values)])),
});
