import { Refusal } from '../../domain/refusal';

/** The refusal of a payment or refund that does not fit what there already is. */
export const conflict = (zh: string, en: string, details: Record<string, unknown> = {}): Refusal =>
  new Refusal('PAYMENT_CONFLICT', { sentence: { zh, en }, details });

export const alreadyPaid = (): Refusal => conflict('订单已付款', 'This order has already been paid');
