import { z } from 'zod';

import { addDays, beijingDay, startOfBeijingDay } from '../../domain/beijing-day';
import { clock } from '../../platform/clock';

/** Nobody plans a delivery further ahead; a later day is a slip of the finger. */
const MAX_DAYS_AHEAD = 180;

function isDay(text: string): boolean {
  try {
    startOfBeijingDay(text);
    return true;
  } catch {
    return false;
  }
}

const today = (): string => beijingDay(clock.now());

/** A day of Beijing, from today on. */
const dayToCome = () =>
  z
    .string()
    .refine(isDay, { error: 'must be a day, YYYY-MM-DD', abort: true })
    .refine((day) => day >= today(), { error: 'must not be in the past', abort: true })
    .refine((day) => day <= addDays(today(), MAX_DAYS_AHEAD), `must be within ${MAX_DAYS_AHEAD} days`);

/** `POST /orders/:id/reschedule`: when the goods are to come, and when they are to be installed. */
export const rescheduleSchema = z
  .strictObject({ distributionDate: dayToCome(), installDate: dayToCome().optional() })
  .refine(
    ({ distributionDate, installDate }) => installDate === undefined || installDate >= distributionDate,
    { message: 'must not be before distributionDate', path: ['installDate'] },
  );

export type Reschedule = z.output<typeof rescheduleSchema>;
