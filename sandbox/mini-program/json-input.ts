import { ApiRefusal } from './refusal';

export type JsonObject = Record<string, unknown>;

/** True for a JSON object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is a non-empty string, else undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Length in characters as a person counts them, not in UTF-16 units. */
export function characterCount(value: string): number {
  return [...value].length;
}

/** Parses a POST body. Throws 44002 (empty) and 47001 (not a UTF-8 JSON object). */
export function parseJsonBody(body: Buffer): JsonObject {
  if (body.length === 0) throw new ApiRefusal(44002, 'empty post data');
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ApiRefusal(47001, 'data format error');
  }
  if (!isObject(parsed)) throw new ApiRefusal(47001, 'data format error');
  return parsed;
}
