/** Which rows of the call log are asked for, and how they are shown. */
import { z } from 'zod';

import { SYSTEMS } from '../constants';
import { FAILURE_KINDS } from './errors';
import { MAX_PAGE_SIZE, MOST_COUNTED, pagingShape } from './paging';

export const CALL_OUTCOMES = ['ok', ...FAILURE_KINDS] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

const moment = z.iso.datetime({ offset: true, error: 'must be a time' }).transform((text) => new Date(text));

export const callQuerySchema = z
  .strictObject({
    ...pagingShape,
    system: z.enum(SYSTEMS).optional(),
    operation: z
      .string()
      .regex(/^\w{1,64}$/, 'must be the name of an operation')
      .optional(),
    /** `failed`: everything but `ok`. */
    outcome: z.enum([...CALL_OUTCOMES, 'failed']).optional(),
    /** An order number, a so id or a product code, as a whole. */
    subject: z.string().trim().min(1).max(64).optional(),
    /** From this moment on. */
    from: moment.optional(),
    /** Before this moment. */
    to: moment.optional(),
  })
  .refine(({ page, pageSize }) => page * pageSize <= MOST_COUNTED + MAX_PAGE_SIZE, {
    path: ['page'],
    error: 'is too far back; narrow the search instead',
  });
export type CallQuery = z.infer<typeof callQuerySchema>;

/** A call in the list. */
export interface CallLine {
  id: number;
  system: (typeof SYSTEMS)[number];
  operation: string;
  outcome: CallOutcome;
  method: string | null;
  url: string | null;
  httpStatus: number | null;
  attempt: number;
  durationMs: number;
  subject: string | null;
  message: string | null;
  calledAt: string;
}

/** A call with what was sent and answered, masked and trimmed when it was written. */
export interface CallDetails extends CallLine {
  requestBody: string | null;
  responseBody: string | null;
}

export interface CallPage {
  rows: CallLine[];
  /** At most `MOST_COUNTED`; then there are at least so many. */
  total: number;
  isTotalCapped: boolean;
}
