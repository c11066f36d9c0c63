import type { Core } from '@strapi/strapi';

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
}
