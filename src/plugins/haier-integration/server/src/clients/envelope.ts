/** What both systems' answers have in common: bare, or `{success, code, message, data}`; HTTP 200 with `success: false` is a no. */
import type { Answer } from './line';

export interface Envelope {
  /** Null where the answer does not say. */
  success: boolean | null;
  code: string | null;
  message: string | null;
  /** What is under `data`, or the bare answer. */
  data: unknown;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as JSON, whatever the content type says; undefined for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return null;
}

const readText = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

/** A record with `success` or `data` is an envelope; anything else is the answer itself. */
export function openEnvelope(json: unknown): Envelope {
  if (!isRecord(json) || !('success' in json || 'data' in json))
    return {
      success: null,
      code: isRecord(json) ? readText(json.code) : null,
      message: isRecord(json) ? readText(json.message ?? json.msg) : null,
      data: json,
    };
  return {
    success: readFlag(json.success),
    code: readText(json.code),
    message: readText(json.message ?? json.msg),
    data: json.data ?? null,
  };
}

/** One thing or a list of them, as a list; nothing is an empty one. */
export function toList(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** In lists of so many. */
export function inBatches<T>(entries: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let from = 0; from < entries.length; from += size) batches.push(entries.slice(from, from + size));
  return batches;
}

export const isAccepted = (answer: Pick<Answer, 'status'>): boolean =>
  answer.status >= 200 && answer.status < 300;
