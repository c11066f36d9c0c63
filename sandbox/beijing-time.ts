/** China keeps one offset all year, so plain arithmetic is exact and no time zone data is needed. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;

export const DAY_MS = 86_400_000;

function shifted(epochMs: number): string {
  return new Date(epochMs + BEIJING_OFFSET_MS).toISOString();
}

/** Renders an instant (epoch ms) the way WeChat Pay writes times: `2022-12-15T13:29:35+08:00`. */
export function toRfc3339(epochMs: number): string {
  return `${shifted(epochMs).slice(0, 19)}+08:00`;
}

/** Renders an instant (epoch ms) as in bill rows: `2022-12-15 13:29:35`, Beijing time. */
export function toBillTime(epochMs: number): string {
  return shifted(epochMs).slice(0, 19).replace('T', ' ');
}

/** The Beijing calendar day, `YYYY-MM-DD`, of an instant (epoch ms). */
export function beijingDay(epochMs: number): string {
  return shifted(epochMs).slice(0, 10);
}

/** Digits `yyyyMMddHHmmss` in Beijing time, the stem of the numbers WeChat hands out. */
export function toDigits(epochMs: number): string {
  return shifted(epochMs).slice(0, 19).replace(/\D/g, '');
}

/** First instant (epoch ms) of a Beijing day, or undefined when the text is not a real `YYYY-MM-DD` day. */
export function beijingDayStart(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const startMs = Date.parse(`${day}T00:00:00+08:00`);
  return Number.isNaN(startMs) || beijingDay(startMs) !== day ? undefined : startMs;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Instant (epoch ms) of an RFC3339 text, or undefined; fractions of a second only when the field allows them. */
export function fromRfc3339(text: string, { fractions }: { fractions: boolean }): number | undefined {
  const match = RFC3339.exec(text);
  if (!match || (match[1] !== undefined && !fractions)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
