import type { Core } from '@strapi/strapi';

import { maskPhone } from '../../account/mask-phone';

/**
 * What no answer of the panel's server holds, whoever asks: identities at WeChat, the means to sign in as somebody,
 * raw messages, and of a shopper's phone and address what does not stand on an order to be delivered.
 */
const SECRET_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'plugin::users-permissions.user': [
    'password',
    'resetPasswordToken',
    'confirmationToken',
    'openId',
    'unionId',
    'phone',
  ],
  'api::address.address': ['phone', 'detail'],
  'api::payment.payment': ['payerOpenId', 'request', 'prepayId'],
  'api::payment.refund': ['request'],
  'api::callback.callback-inbox': ['rawBody'],
  'api::idempotency.idempotency-key': ['requestHash', 'response'],
  'api::task.task': ['request', 'result', 'error'],
};

/**
 * Where to deliver an order: told in full to whoever opens it, in a list as far as it helps to find it (a field without a
 * mask is left out), and in no row that points at the order.
 */
const DELIVERY_FIELDS: Readonly<
  Record<string, Readonly<Record<string, ((value: string) => string) | undefined>>>
> = {
  'api::order.order': { snapshotPhone: maskPhone, snapshotAddress: undefined },
};

/** True for what only the page of the one row tells in full. */
export const isForDelivery = (uid: string, field: string): boolean =>
  Object.hasOwn(DELIVERY_FIELDS[uid] ?? {}, field);

/** What a list tells of such a field; undefined: nothing. */
export const maskForList = (uid: string, field: string, value: unknown): string | undefined =>
  typeof value === 'string' ? DELIVERY_FIELDS[uid]?.[field]?.(value) : undefined;

/** Costs: seen by those who may, and no answer to a search of somebody who may not. */
const UNSEARCHED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'api::product.product': ['supplyPrice', 'invoicePrice', 'marketPrice', 'stockRebate', 'rebateMoney'],
};

export const secretFieldsOf = (uid: string): readonly string[] => SECRET_FIELDS[uid] ?? [];

/** A content type with the two switches Strapi reads and does not type. */
interface Schema {
  attributes: Record<string, { searchable?: boolean }>;
  config?: { attributes?: Record<string, { hidden?: boolean }> };
}

function schemaOf(strapi: Core.Strapi, uid: string, fields: readonly string[]): Schema {
  const schema = strapi.contentTypes[uid as keyof typeof strapi.contentTypes] as unknown as
    Schema | undefined;
  // A field that was renamed would be shown from then on, and nobody would notice.
  const unknown = schema === undefined ? uid : fields.find((field) => !(field in schema.attributes));
  if (schema === undefined || unknown !== undefined)
    throw new Error(`a secret is kept of ${uid}, but there is no ${unknown}`);
  return schema;
}

function unsearched(schema: Schema, fields: readonly string[]): void {
  for (const field of fields) schema.attributes[field] = { ...schema.attributes[field], searchable: false };
}

/**
 * Marks secret fields with Strapi's own switches. `hidden`: its admin server takes them out of every answer, filter,
 * sort and selection, at any depth. `searchable: false`: a search does not look into them. Call in `register`, before
 * the database reads the types.
 */
export function hideSecretFields(strapi: Core.Strapi): void {
  for (const [uid, fields] of Object.entries(SECRET_FIELDS)) {
    const schema = schemaOf(strapi, uid, fields);
    unsearched(schema, fields);
    const hidden = Object.fromEntries(fields.map((field) => [field, { hidden: true }]));
    schema.config = { ...schema.config, attributes: { ...schema.config?.attributes, ...hidden } };
  }
  for (const [uid, fields] of Object.entries(UNSEARCHED_FIELDS))
    unsearched(schemaOf(strapi, uid, fields), fields);
  // Only whether they are still called so.
  for (const [uid, fields] of Object.entries(DELIVERY_FIELDS)) schemaOf(strapi, uid, Object.keys(fields));
}
