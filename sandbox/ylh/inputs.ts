import { z } from 'zod';
import { tokenHabitsInput } from '../supplier/token-inputs';
import { CALLBACK_VARIANTS } from './callback-variants';
import { EVENTS } from './state';

/** What the control operations on YLH take. */

export const ylhHabitsInput = z.strictObject({
  token: tokenHabitsInput.extend({ type: z.string().min(1).optional() }).optional(),
  /** `{soId}` and `{retailOrderNo}` in the message are filled in. */
  duplicate: z
    .strictObject({
      code: z.string().optional(),
      message: z.string().optional(),
      carriesOrder: z.boolean().optional(),
    })
    .optional(),
  stateType: z.enum(['number', 'string']).optional(),
  itemList: z.enum(['list', 'json']).optional(),
  uploadTime: z.enum(['text', 'ms']).optional(),
  /** 0: every call is one too many. */
  callsPerSecond: z.int().min(0).optional(),
});

const ms = z.int().min(0);

export const paceInput = z.strictObject({
  mode: z.enum(['manual', 'automatic']).optional(),
  confirmMs: ms.optional(),
  shipMs: ms.optional(),
  deliverMs: ms.optional(),
  photographMs: ms.optional(),
  cancelMs: ms.optional(),
});

export const orderScriptInput = z.strictObject({
  /** Absent = the next order, whatever its so id. */
  soId: z.string().min(1).optional(),
  outcome: z.enum(['confirm', 'refuse', 'out-of-stock', 'nothing']),
  message: z.string().optional(),
  /** The call-back is made and answered before the order is; default false. */
  early: z.boolean().optional(),
  /** Sandbox ms after the order; default 0. */
  delayMs: ms.optional(),
  /** Default 1. */
  times: z.int().min(1).optional(),
});

/** `ref`: so id, YLH's number, or the shop's order number. */
export const refInput = z.strictObject({ ref: z.string().min(1) });

export const stepInput = refInput.extend({
  /** Made but not sent, until it is sent again by its id. */
  hold: z.boolean().optional(),
  /** FailMsg. */
  message: z.string().optional(),
  itemList: z.enum(['list', 'json']).optional(),
});

export const shipInput = refInput.extend({
  company: z.string().optional(),
  logisticsNo: z.string().optional(),
  snCode: z.string().optional(),
  deliveryRecordCode: z.string().optional(),
  carrier: z.enum(['haier', 'zhihuibao', 'thirdParty']).optional(),
});

export const verdictInput = stepInput.extend({ verdict: z.enum(['done', 'failed', 'partly']) });

/** A signed call-back with whatever content, without anything happening to an order. */
export const announceInput = z.strictObject({
  event: z.enum(EVENTS),
  data: z.record(z.string(), z.unknown()),
  hold: z.boolean().optional(),
});

export const callbackUrlInput = z.strictObject({ url: z.url({ protocol: /^https?$/ }).optional() });

export const callbackInput = z.strictObject({ id: z.string() });

export const callbackCopiesInput = callbackInput.extend({ count: z.int().min(1).max(100) });

export const callbackVariantInput = callbackInput.extend({ variant: z.enum(CALLBACK_VARIANTS) });

export type YlhHabitsInput = z.infer<typeof ylhHabitsInput>;
export type PaceInput = z.infer<typeof paceInput>;
export type OrderScriptInput = z.infer<typeof orderScriptInput>;
export type ShipInput = z.infer<typeof shipInput>;
export type AnnounceInput = z.infer<typeof announceInput>;
