/** Calendar days in Beijing, where the shop and WeChat Pay keep their books. China has one offset all year. */
export const BEIJING_OFFSET_MS = 8 * 3_600_000;
export const DAY_MS = 86_400_000;

/** The Beijing day of a moment, `YYYY-MM-DD`. */
export const beijingDay = (moment: Date): string =>
  new Date(moment.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 10);

/** The first moment of a Beijing day. Throws RangeError for a text that is no day. */
export function startOfBeijingDay(day: string): Date {
  const start = new Date(`${day}T00:00:00+08:00`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(start.getTime()) || beijingDay(start) !== day)
    throw new RangeError(`not a day: ${day}`);
  return start;
}

/** The day so many days later; earlier when negative. Throws RangeError for a text that is no day. */
export const addDays = (day: string, days: number): string =>
  beijingDay(new Date(startOfBeijingDay(day).getTime() + days * DAY_MS));

/** A moment as a clock in Beijing shows it, `yyyyMMddHHmmss`. */
export const beijingStamp = (moment: Date): string =>
  new Date(moment.getTime() + BEIJING_OFFSET_MS)
    .toISOString()
    .replaceAll(/[-:T]/g, '')
    .slice(0, 14);
