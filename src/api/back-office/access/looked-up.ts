/** How staff find a row in a list that grows with every order. */

interface LookedUp {
  /** Numbers, of which the beginning is enough. */
  begins: readonly string[];
  /** What is looked for as a whole. */
  is: readonly string[];
}

/**
 * The search box of these lists looks for what a shopper or a courier tells: a number, a phone, a name. Strapi would look for a part of
 * every text of every row, which on a million orders takes seconds of a database that sells meanwhile. The indexes are those of
 * `database/constraints.ts`.
 */
const LOOKED_UP: Readonly<Record<string, LookedUp>> = {
  'api::order.order': {
    begins: ['orderNumber', 'checkoutNumber'],
    is: ['snapshotPhone', 'snapshotContactName', 'trackingNumber', 'haierOrderNo', 'haierSoId'],
  },
  'api::payment.payment': { begins: ['paymentNumber', 'checkoutNumber'], is: ['transactionId'] },
  'api::payment.refund': { begins: ['refundNumber'], is: ['wechatRefundId'] },
};

export type Condition = Record<string, Record<string, unknown>>;

/**
 * The conditions of which one must hold for a row that is looked for, or undefined for a type that is searched as Strapi does. Numbers are
 * written in capitals, whoever types them.
 */
export function lookUp(
  uid: string,
  text: string,
  mayAsk: (field: string) => boolean,
): Condition[] | undefined {
  const fields = LOOKED_UP[uid];
  if (fields === undefined) return undefined;
  const wanted = text.trim();
  const capitals = wanted.toUpperCase();
  return [
    ...fields.begins.filter(mayAsk).map((field) => ({ [field]: { $startsWith: capitals } })),
    ...fields.is.filter(mayAsk).map((field) => ({ [field]: { $in: [...new Set([wanted, capitals])] } })),
  ];
}
