import { z } from 'zod';
import { VARIANTS } from '../pay/notification-variants';

/** What the control operations take; the HTTP API checks against these, and in-process callers get their types. */

export const loginCodeInput = z.strictObject({
  /** Absent = a new shopper. */
  openid: z.string().min(1).max(128).optional(),
  unionid: z.string().min(1).optional(),
});

export const phoneCodeInput = z.strictObject({
  openid: z.string().min(1),
  /** Without country code. */
  phone: z.string().min(1),
  /** The reference says string, its sample is a number: callers must take both. Default 86 as a number. */
  countryCode: z.union([z.string(), z.number()]).optional(),
});

const notifyMode = z.enum(['send', 'hold']).optional();

export const payInput = z.strictObject({
  /** As the shop returned them; checked like wx.requestPayment does, so deliberately untyped here. */
  payParams: z.record(z.string(), z.unknown()),
  openid: z.string(),
  notify: notifyMode,
  /** What the shopper does; default success. */
  result: z.enum(['success', 'cancel', 'fail']).optional(),
});

export const payByNumberInput = z.strictObject({ outTradeNo: z.string(), notify: notifyMode });

export const notificationInput = z.strictObject({ id: z.string() });

export const copiesInput = notificationInput.extend({ count: z.number().int().min(1).max(100) });

export const variantInput = notificationInput.extend({ variant: z.enum(VARIANTS) });

export const refundScriptInput = z.strictObject({
  /** Absent = the next refund, whatever its number. */
  outRefundNo: z.string().optional(),
  outcome: z.enum([
    'SUCCESS',
    'ABNORMAL',
    'CLOSED',
    'PROCESSING',
    'NOT_ENOUGH',
    'USER_ACCOUNT_ABNORMAL',
    'FREQUENCY_LIMITED',
  ]),
  /** Default 1. */
  times: z.number().int().min(1).optional(),
  /** Sandbox ms until it settles; default 3000. PROCESSING waits for `settle`. */
  delayMs: z.number().int().min(0).optional(),
});

export const settleInput = z.strictObject({
  outRefundNo: z.string(),
  outcome: z.enum(['SUCCESS', 'ABNORMAL', 'CLOSED']).optional(),
});

export const refundSpacingInput = z.strictObject({ ms: z.number().int().min(0) });

export const billDayInput = z.strictObject({ day: z.iso.date() });

/** `text` absent = the true bill again. */
export const billReplaceInput = billDayInput.extend({ text: z.string().optional() });

export const billSpoilInput = z.strictObject({
  how: z.enum(['hash', 'truncated']),
  /** Default 1. */
  times: z.number().int().min(1).optional(),
});

export const advanceInput = z.strictObject({ ms: z.number().min(0) });

export const setClockInput = z.strictObject({ iso: z.iso.datetime({ offset: true }) });

export const signatureClockInput = z.strictObject({ clock: z.enum(['virtual', 'machine']) });

export const grantInput = z.strictObject({
  openid: z.string().min(1),
  templateId: z.string().min(1),
  /** Messages the shopper agrees to; default 1. */
  times: z.number().int().min(1).optional(),
});

export const templateInput = z.strictObject({ templateId: z.string().min(1), keys: z.array(z.string()) });

export const verdictInput = z.strictObject({
  containing: z.string().min(1),
  suggest: z.enum(['pass', 'review', 'risky']),
  label: z.number().int(),
});

export const shippingLagInput = z.strictObject({ ms: z.number().int().min(0) });

export const clearFaultsInput = z.strictObject({ id: z.string().optional() });

export type LoginCodeInput = z.infer<typeof loginCodeInput>;
export type PhoneCodeInput = z.infer<typeof phoneCodeInput>;
export type PayInput = z.infer<typeof payInput>;
export type PayByNumberInput = z.infer<typeof payByNumberInput>;
export type RefundScriptInput = z.infer<typeof refundScriptInput>;
export type GrantInput = z.infer<typeof grantInput>;
export type VerdictInput = z.infer<typeof verdictInput>;
