/**
 * Refusals of the shipping service that each mean something else for the next try. Besides them calls throw
 * MiniProgramBusyError (system and quota codes: the same again later), MiniProgramError (our account or token) and the
 * errors of OutsideCall (nothing is known: ask before telling again).
 */
abstract class ShippingError extends Error {
  constructor(
    readonly errcode: number,
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** WeChat does not know the payment: within a minute of paying the same may pass, later hardly. */
export class UnknownPaymentError extends ShippingError {}

/** The payment is refunded or settled: there is nothing left to tell, and nothing wrong. */
export class NotShippableError extends ShippingError {}

/** What was told is refused as such (a carrier, a number, a used re-shipping): the same will be refused again. */
export class ShippingRefusedError extends ShippingError {}

/** Order shipping information, error codes of upload_shipping_info and get_order. */
const UNKNOWN_PAYMENT = 10060001;
const NOT_SHIPPABLE = 10060004;
/** Already shipped as a whole; nothing changed; and one seen in the field for the same. */
const ALREADY_TOLD = new Set([10060002, 10060023, 268440065]);
const SYSTEM_BUSY = new Set([10060012, 10060019]);

export type ShippingCode =
  'told' | 'busy' | 'other' | UnknownPaymentError | NotShippableError | ShippingRefusedError;

/** What a code means; `other` is none of the shipping service's. */
export function readShippingCode(errcode: number, message: string): ShippingCode {
  if (ALREADY_TOLD.has(errcode)) return 'told';
  if (SYSTEM_BUSY.has(errcode)) return 'busy';
  if (errcode === UNKNOWN_PAYMENT) return new UnknownPaymentError(errcode, message);
  if (errcode === NOT_SHIPPABLE) return new NotShippableError(errcode, message);
  const isTheirs = Math.floor(errcode / 100) === 100600 || Math.floor(errcode / 1_000_000) === 268;
  return isTheirs ? new ShippingRefusedError(errcode, message) : 'other';
}
