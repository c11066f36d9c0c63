import { insertRaw } from './panel';

type Rows = Record<string, { id: number; documentId: string }>;

/** No answer of the panel's server holds any of these, whoever asks. */
export const SECRETS = {
  openId: 'oSECRETopenid',
  unionId: 'uSECRETunionid',
  phone: '13900SECRET',
  reset: 'SECRETreset',
  confirmation: 'SECRETconfirmation',
  password: 'SECRETpassword',
  addressPhone: '13811SECRET',
  addressDetail: 'SECRETstreet 7',
  payer: 'oSECRETpayer',
  request: 'SECRETrequest',
  prepay: 'SECRETprepay',
  refundRequest: 'SECRETrefundrequest',
  rawBody: 'SECRETrawbody',
  answer: 'SECRETanswer',
};

async function insertPeople(rows: Rows): Promise<number> {
  const user = await insertRaw('plugin::users-permissions.user', {
    username: 'keeper',
    email: 'keeper@shop.test',
    provider: 'local',
    openId: SECRETS.openId,
    unionId: SECRETS.unionId,
    phone: SECRETS.phone,
    password: SECRETS.password,
    resetPasswordToken: SECRETS.reset,
    confirmationToken: SECRETS.confirmation,
  });
  rows['plugin::users-permissions.user'] = user;
  rows['api::address.address'] = await insertRaw('api::address.address', {
    userId: user.id,
    contactName: '欧阳收货',
    phone: SECRETS.addressPhone,
    province: '山东省',
    city: '青岛市',
    district: '崂山区',
    detail: SECRETS.addressDetail,
  });
  rows['api::notification.notification'] = await insertRaw('api::notification.notification', {
    userId: user.id,
    audience: 'user',
    type: 'system',
    title: '通知',
  });
  rows['api::idempotency.idempotency-key'] = await insertRaw('api::idempotency.idempotency-key', {
    userId: user.id,
    route: 'POST /orders',
    key: 'k',
    requestHash: 'h',
    status: 'done',
    response: SECRETS.answer,
    expiresAt: new Date(),
  });
  return user.id;
}

async function insertTrade(rows: Rows, userId: number): Promise<void> {
  const order = await insertRaw('api::order.order', {
    orderNumber: 'OKEPT1',
    userId,
    productDocumentId: 'none',
    quantity: 1,
    unitPrice: 1,
    totalAmount: 1,
    discountAmount: 0,
    actualAmount: 1,
    status: 'paid',
    life: 1,
    version: 1,
  });
  const payment = await insertRaw('api::payment.payment', {
    paymentNumber: 'PKEPT1',
    userId,
    amount: 1,
    method: 'wechat',
    status: 'succeeded',
    payerOpenId: SECRETS.payer,
    request: SECRETS.request,
    prepayId: SECRETS.prepay,
  });
  rows['api::order.order'] = order;
  rows['api::payment.payment'] = payment;
  rows['api::order.order-history'] = await insertRaw('api::order.order-history', {
    orderId: order.id,
    to: 'paid',
    event: 'pay',
    actorType: 'system',
  });
  rows['api::payment.refund'] = await insertRaw('api::payment.refund', {
    refundNumber: 'RKEPT1',
    paymentId: payment.id,
    orderId: order.id,
    userId,
    amount: 1,
    kind: 'full',
    status: 'requested',
    request: SECRETS.refundRequest,
  });
  rows['api::callback.callback-inbox'] = await insertRaw('api::callback.callback-inbox', {
    source: 'wechat_pay',
    eventId: 'event',
    rawBody: SECRETS.rawBody,
    outcome: 'settled',
    receivedAt: new Date(),
  });
}

/** A shopper, an order, a payment and what belongs to them, full of secrets; puts them into `rows` by type. Returns the shopper's id. */
export async function insertSecrets(rows: Rows): Promise<number> {
  const userId = await insertPeople(rows);
  await insertTrade(rows, userId);
  return userId;
}
