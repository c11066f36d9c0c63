/** What the tests of the routes of Haier orders ask, and how. */
import type { PanelUser } from './panel';

export const PERMISSIONS = ['read', 'settings', 'sync', 'push', 'replay'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Every route of the orders, with the permission that opens it and a body it takes. */
export const ORDER_ROUTES: [method: 'get' | 'post', path: string, permission: Permission, body: object][] = [
  ['get', '', 'read', {}],
  ['get', '/:id', 'read', {}],
  ['post', '/:id/push', 'push', {}],
  ['post', '/:id/cancel', 'push', { reason: '不要了' }],
  ['post', '/:id/reschedule', 'push', { distributionDate: '2099-01-01' }],
  ['post', '/:id/refresh', 'push', {}],
  ['post', '/:id/refund', 'push', { reason: '不要了' }],
  ['post', '/:id/handled', 'push', {}],
];
const REASONS = [{}, { reason: '' }, { reason: '   ' }, { reason: 5 }, { reason: 'x'.repeat(201) }];

/** Bodies the actions must refuse. */
export const BAD_ORDER_BODIES: (readonly [action: string, body: object])[] = [
  ...['cancel', 'refund'].flatMap((action) =>
    [...REASONS, { reason: '好', amount: 1 }].map((body) => [action, body] as const),
  ),
  ...['push', 'refresh'].map((action) => [action, { force: true }] as const),
  ['handled', { note: '' }],
  ['handled', { note: 'x'.repeat(201) }],
  ['reschedule', {}],
  ['reschedule', { distributionDate: '2099-02-31' }],
  ['reschedule', { distributionDate: '01.02.2099' }],
  ['reschedule', { distributionDate: '2020-01-01' }],
  ['reschedule', { distributionDate: '2099-01-01', installDate: 'tomorrow' }],
  ['reschedule', { distributionDate: '2099-01-01', when: 'soon' }],
  ['reschedule', { installDate: '2099-01-01' }],
];

/** Queries the list must refuse, with the parameter that is wrong. */
export const BAD_ORDER_QUERIES: [query: Record<string, string>, field: string][] = [
  [{ view: 'everything' }, 'view'],
  [{ haierStatus: 'lost' }, 'haierStatus'],
  [{ page: '0' }, 'page'],
  [{ page: 'x' }, 'page'],
  [{ pageSize: '101' }, 'pageSize'],
  [{ search: 'x'.repeat(101) }, 'search'],
  [{ sort: 'id' }, ''],
];

export interface OrderAnswer {
  status: number;
  code?: string;
  message?: string;
  fields?: string[];
  data: Record<string, unknown> & { actions?: string[] };
}

/** Asks a route of the orders as somebody of the panel, in Chinese. */
export async function askOrders(
  who: PanelUser,
  method: 'get' | 'post',
  path: string,
  body: object = {},
): Promise<OrderAnswer> {
  const request = who.call(method, `/haier-integration/orders${path}`).set('Accept-Language', 'zh');
  const answer = await (method === 'get' ? request : request.send(body));
  const { data, error } = answer.body as {
    data: OrderAnswer['data'];
    error?: { message: string; details: { code: string; errors?: { path: string[] }[] } };
  };
  return {
    status: answer.status,
    code: error?.details.code,
    message: error?.message,
    fields: error?.details.errors?.map(({ path: at }) => at.join('.')),
    data,
  };
}

/** A day of Beijing, so many days from now. */
export const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);

/** A page of the list. */
export async function listOrders(who: PanelUser, query: Record<string, string>) {
  const { body } = await who.call('get', '/haier-integration/orders').query(query);
  return body as {
    data: { id: string; orderNumber: string; work: { reason: string } | null }[];
    meta: { pagination: Record<string, number>; workList: number; underWay: number };
  };
}
