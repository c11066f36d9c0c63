import { randomBytes, randomUUID } from 'node:crypto';

import supertest from 'supertest';

import { compiled, type TestApp } from '../app';
import { noteSecrets } from '../logged';

type Database = typeof import('../../../src/platform/database');

const MERCHANT = 'shop-merchant';
const SUPER_ADMIN = 'strapi-super-admin';
const NAMES = {
  merchant: '商户',
  superAdmin: '管理员',
  editor: '编辑',
  author: '作者',
  readsAll: '有求必应',
  noRights: '访客',
};
export type PanelUserKind = keyof typeof NAMES;

/** Somebody signed in to the admin panel, through its own door. */
export interface PanelUser {
  id: number;
  email: string;
  password: string;
  /** A request to the panel's server, e.g. `call('get', '/content-manager/…')`. */
  call(method: 'get' | 'post' | 'put' | 'delete', path: string): supertest.Test;
}

interface AdminServices {
  role: {
    findOne(where: { code: string }): Promise<{ id: number } | null>;
    create(attributes: { code: string; name: string; description: string }): Promise<{ id: number }>;
    assignPermissions(roleId: number, permissions: object[]): Promise<unknown>;
  };
  user: { create(attributes: Record<string, unknown>): Promise<{ id: number }> };
}

const service = <N extends keyof AdminServices>(app: TestApp, name: N): AdminServices[N] =>
  app.strapi.service(`admin::${name}`) as unknown as AdminServices[N];

/** Signs in to the panel; see `panelUser` for somebody new. */
export async function signInToPanel(app: TestApp, email: string, password: string): Promise<string> {
  const answer = await supertest(app.url)
    .post('/admin/login')
    .send({ email, password, deviceId: randomUUID() });
  if (answer.status !== 200)
    throw new Error(`the panel answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.data.token as string;
}

const ROLE_CODES: Record<Exclude<PanelUserKind, 'noRights'>, string> = {
  merchant: MERCHANT,
  superAdmin: SUPER_ADMIN,
  editor: 'strapi-editor',
  author: 'strapi-author',
  readsAll: 'reads-all',
};

/** A role an administrator could put together: it reads every field of every type the panel shows. */
async function roleThatReadsAll(app: TestApp): Promise<{ id: number }> {
  const roles = service(app, 'role');
  const role = await roles.create({ code: ROLE_CODES.readsAll, name: NAMES.readsAll, description: '' });
  const shown = Object.values(app.strapi.contentTypes).filter(
    ({ uid, pluginOptions }) =>
      (uid.startsWith('api::') || uid === 'plugin::users-permissions.user') &&
      (pluginOptions as { 'content-manager'?: { visible?: boolean } } | undefined)?.['content-manager']
        ?.visible !== false,
  );
  const locales = ['zh-Hans', 'en'];
  await roles.assignPermissions(
    role.id,
    shown.map(({ uid, attributes }) => ({
      action: 'plugin::content-manager.explorer.read',
      subject: uid,
      properties: { fields: Object.keys(attributes), locales },
      conditions: [],
    })),
  );
  return role;
}

async function roleOf(app: TestApp, kind: PanelUserKind): Promise<{ id: number } | null> {
  if (kind === 'noRights') return null;
  const role = await service(app, 'role').findOne({ code: ROLE_CODES[kind] });
  return role === null && kind === 'readsAll' ? roleThatReadsAll(app) : role;
}

/** A new panel user with this role, or none, signed in. */
export async function panelUserWithRole(
  app: TestApp,
  roleId: number | null,
  firstname = '员工',
): Promise<PanelUser> {
  const email = `panel-${randomBytes(5).toString('hex')}@shop.test`;
  const password = 'Panel-password-1';
  const roles = roleId === null ? [] : [roleId];
  const { id } = await service(app, 'user').create({ email, password, firstname, isActive: true, roles });
  const token = await signInToPanel(app, email, password);
  noteSecrets('what a user of the panel signs in with', password, token);
  return {
    id,
    email,
    password,
    call: (method, path) => supertest(app.url)[method](path).set('Authorization', `Bearer ${token}`),
  };
}

/** A new panel user with one role, signed in. */
export async function panelUser(app: TestApp, kind: PanelUserKind = 'merchant'): Promise<PanelUser> {
  const role = await roleOf(app, kind);
  return panelUserWithRole(app, role === null ? null : role.id, NAMES[kind]);
}

/** Rows as they are, to compare before and after. */
export async function rowsOf(app: TestApp, uid: string): Promise<unknown[]> {
  const { query } = compiled<Database>('src/platform/database');
  return (await query(uid).orderBy('id')) as unknown[];
}

/** Inserts one row past every service, for types a test only looks at. */
export async function insertRaw(
  uid: string,
  row: Record<string, unknown>,
): Promise<{ id: number; documentId: string }> {
  const { inTransaction, insertRow } = compiled<Database>('src/platform/database');
  return inTransaction((tx) => insertRow(uid, tx, row));
}

const unique = () => randomBytes(6).toString('hex');

/** One row of every type that has a single writer, by type. */
export async function oneOfEachGuardedType(): Promise<Record<string, { id: number; documentId: string }>> {
  const at = new Date();
  const productDocumentId = `product${unique()}`;
  const order = await insertRaw('api::order.order', {
    orderNumber: `O${unique()}`,
    productDocumentId,
    productName: '冰箱',
    quantity: 1,
    unitPrice: 100,
    totalAmount: 100,
    discountAmount: 0,
    actualAmount: 100,
    status: 'paid',
    life: 1,
    version: 1,
  });
  const payment = await insertRaw('api::payment.payment', {
    paymentNumber: `P${unique()}`,
    amount: 100,
    method: 'wechat',
    status: 'succeeded',
  });
  const cart = await insertRaw('api::cart.cart', {});
  const run = await insertRaw('api::reconciliation.reconciliation-run', {
    billDate: '2026-01-01',
    status: 'completed',
    attempt: 1,
  });
  return {
    'api::order.order': order,
    'api::order.order-history': await insertRaw('api::order.order-history', {
      orderId: order.id,
      to: 'paid',
      event: 'pay',
      actorType: 'system',
    }),
    'api::payment.payment': payment,
    'api::payment.payment-allocation': await insertRaw('api::payment.payment-allocation', {
      paymentId: payment.id,
      orderId: order.id,
      amount: 100,
    }),
    'api::payment.refund': await insertRaw('api::payment.refund', {
      refundNumber: `R${unique()}`,
      paymentId: payment.id,
      orderId: order.id,
      amount: 100,
      kind: 'full',
      status: 'requested',
    }),
    'api::payment.refund-allocation': await insertRaw('api::payment.refund-allocation', {
      orderId: order.id,
      amount: 100,
    }),
    'api::inventory.inventory-item': await insertRaw('api::inventory.inventory-item', {
      productDocumentId,
      onHand: 3,
      locked: 1,
    }),
    'api::inventory.inventory-log': await insertRaw('api::inventory.inventory-log', {
      productDocumentId,
      changeType: 'adjust',
      quantity: 3,
      onHandDelta: 3,
      lockedDelta: 0,
      onHandAfter: 3,
      lockedAfter: 0,
    }),
    'api::outbox.outbox-message': await insertRaw('api::outbox.outbox-message', {
      topic: 'test.nothing',
      payload: {},
      status: 'dead',
      attempts: 12,
      availableAt: at,
    }),
    'api::callback.callback-inbox': await insertRaw('api::callback.callback-inbox', {
      source: 'wechat_pay',
      eventId: unique(),
      outcome: 'settled',
      receivedAt: at,
    }),
    'api::idempotency.idempotency-key': await insertRaw('api::idempotency.idempotency-key', {
      route: 'POST /orders',
      key: unique(),
      requestHash: unique(),
      status: 'done',
      expiresAt: at,
    }),
    'api::task.task': await insertRaw('api::task.task', {
      kind: 'orders.place',
      status: 'queued',
      request: {},
      language: 'zh',
      requestId: unique(),
      expiresAt: at,
    }),
    'api::audit.audit-finding': await insertRaw('api::audit.audit-finding', {
      rule: 'test',
      subject: unique(),
      invariant: 1,
      description: '测试',
      status: 'open',
      firstSeenAt: at,
      lastSeenAt: at,
    }),
    'api::reconciliation.reconciliation-run': run,
    'api::reconciliation.reconciliation-difference': await insertRaw(
      'api::reconciliation.reconciliation-difference',
      {
        runId: run.id,
        billDate: '2026-01-01',
        kind: 'payment_amount',
        subject: unique(),
        status: 'open',
        foundAttempt: 1,
      },
    ),
    'api::reconciliation.bill-line': await insertRaw('api::reconciliation.bill-line', {
      runId: run.id,
      attempt: 1,
      kind: 'payment',
    }),
    'api::cart.cart': cart,
    'api::cart.cart-item': await insertRaw('api::cart.cart-item', {
      cartId: cart.id,
      productDocumentId,
      quantity: 1,
    }),
    'api::address.address': await insertRaw('api::address.address', {
      contactName: '欧阳收货',
      phone: '13800138000',
      province: '山东省',
      city: '青岛市',
      district: '崂山区',
      detail: '海尔路 1 号',
    }),
    'api::notification.notification': await insertRaw('api::notification.notification', {
      audience: 'staff',
      type: 'system',
      title: '测试',
    }),
  };
}
