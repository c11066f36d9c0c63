/** Haier orders as staff work them: all of them, or those that wait for a person, with the reason and since when. */
import type { Knex } from 'knex';

import { beijingDay } from '../../../domain/beijing-day';
import { AT_HAIER, type HaierStatus } from '../../../domain/haier-states';
import { yuanToFen } from '../../../domain/money';
import { clock } from '../../../platform/clock';
import { connectionFor, fromColumns, isPostgres, query } from '../../../platform/database';
import { isoTime } from '../../../platform/request';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { VERDICT_MS } from '../services/cancelling';
import { canReschedule } from '../services/rescheduling';

/** A push that has neither succeeded nor failed by now is late. */
const PUSH_MS = 4 * 60_000;

export const WORK_REASONS = [
  'push_failed',
  'push_overdue',
  'confirm_refused',
  'out_of_stock',
  'cancelled',
  'cancel_refused',
  'cancel_overdue',
  'partly_rejected',
  'refund_undecided',
  'unclear_callback',
] as const;
export type WorkReason = (typeof WORK_REASONS)[number];

export const ORDER_ACTIONS = ['push', 'cancel', 'reschedule', 'refresh', 'refund', 'handled'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

export interface Work {
  reason: WorkReason;
  since: Date;
}

/** An order with what it waits for. */
export interface HaierOrder {
  order: OrderRow;
  work: Work | null;
}

export interface HaierOrderView {
  id: string;
  orderNumber: string;
  status: string;
  haierStatus: HaierStatus;
  haierOrderNo: string | null;
  soId: string | null;
  productName: string;
  productCode: string | null;
  district: string;
  amountFen: number;
  paidAt: string | null;
  message: string | null;
  work: { reason: WorkReason; since: string } | null;
  distributionDate: string | null;
  installDate: string | null;
  actions: OrderAction[];
}

export interface HaierOrderQuery {
  view: 'all' | 'work-list';
  haierStatus?: HaierStatus;
  search?: string;
  page: number;
  pageSize: number;
}

/** Statuses in which the money is still here. */
const LIVE = "orders.status in ('paid', 'shipped', 'completed')";
/** What happened after staff dealt with the order waits for them again. */
const isOpen = (since: string): string =>
  `(orders.haier_handled_at is null or orders.haier_handled_at < ${since})`;

const CASES: readonly [WorkReason | 'concern', string, string][] = [
  ['concern', 'orders.haier_concern is not null', 'orders.haier_concern_at'],
  ['push_failed', "orders.haier_status = 'push_failed' and orders.status = 'paid'", 'orders.haier_status_at'],
  [
    'push_overdue',
    "orders.haier_status = 'push_pending' and orders.status = 'paid' and orders.haier_push_promised_at < :late",
    'orders.haier_push_promised_at',
  ],
  ['confirm_refused', `orders.haier_status = 'confirm_refused' and ${LIVE}`, 'orders.haier_status_at'],
  ['out_of_stock', `orders.haier_status = 'out_of_stock' and ${LIVE}`, 'orders.haier_status_at'],
  ['cancelled', `orders.haier_status = 'cancelled' and ${LIVE}`, 'orders.haier_status_at'],
  [
    'cancel_refused',
    "orders.haier_status = 'cancel_refused' and orders.status in ('paid', 'shipped')",
    'orders.haier_status_at',
  ],
  [
    'cancel_overdue',
    "orders.haier_status = 'cancel_pending' and orders.status in ('paid', 'shipped', 'refunding') and orders.haier_status_at < :overdue",
    'orders.haier_status_at',
  ],
  ['refund_undecided', 'asked.asked_at is not null', 'asked.asked_at'],
];

const caseOf = (value: (turn: (typeof CASES)[number]) => string): string =>
  `case ${CASES.map((turn) => `when ${turn[1]} and ${isOpen(turn[2])} then ${value(turn)}`).join(' ')} end`;
const REASON = caseOf(([reason]) => (reason === 'concern' ? 'orders.haier_concern' : `'${reason}'`));
const SINCE = caseOf(([, , since]) => since);

/** Those that can be in the work list at all: one index look-up each, which an `or` over two tables would not be. */
const CANDIDATES = `orders.id in (
  select id from orders where haier_concern is not null
  union select order_id from refunds where status = 'requested' and kind = 'full' and decided_at is null
  union select id from orders where haier_status in
    ('push_pending', 'push_failed', 'confirm_refused', 'out_of_stock', 'cancelled', 'cancel_refused', 'cancel_pending')
    and status in ('paid', 'shipped', 'completed', 'refunding'))`;

const moment = (date: Date): Date | number => (isPostgres() ? date : date.getTime());

const bindings = (): Record<string, Knex.RawBinding> => ({
  late: moment(new Date(clock.now().getTime() - PUSH_MS)),
  overdue: moment(new Date(clock.now().getTime() - VERDICT_MS)),
});

/** Every Haier order with its reason. */
function readAll(): Knex.QueryBuilder {
  const connection = connectionFor();
  const asked = query('api::payment.refund')
    .where({ status: 'requested', kind: 'full' })
    .whereNull('decided_at')
    .groupBy('order_id')
    .select('order_id')
    .min({ asked_at: 'created_at' })
    .as('asked');
  return query(ORDER_UID)
    .leftJoin(asked, 'asked.order_id', 'orders.id')
    .where('orders.product_source', 'haier')
    .select('orders.*')
    .select(connection.raw(`${REASON} as work_reason`, bindings()))
    .select(connection.raw(`${SINCE} as work_since`, bindings()));
}

const onlyWork = (): Knex.QueryBuilder =>
  connectionFor()
    .from(readAll().whereRaw(`(${CANDIDATES})`).as('list'))
    .whereNotNull('list.work_reason');

interface ListedRow extends Record<string, unknown> {
  work_reason: WorkReason | null;
  work_since: Date | number | string | null;
}

function toHaierOrder(row: ListedRow): HaierOrder {
  const { work_reason: reason, work_since: since } = row;
  return {
    order: fromColumns<OrderRow>(ORDER_UID, row),
    work: reason === null || since === null ? null : { reason, since: new Date(since) },
  };
}

const likeText = (text: string): string => `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;

function narrow(builder: Knex.QueryBuilder, { haierStatus, search }: HaierOrderQuery): Knex.QueryBuilder {
  if (haierStatus !== undefined) builder.where('list.haier_status', haierStatus);
  const wanted = search?.trim() ?? '';
  if (wanted === '') return builder;
  return builder.where((some) => {
    for (const column of ['order_number', 'haier_order_no', 'product_name'])
      void some.orWhereRaw(`lower(??) like ? escape '\\'`, [`list.${column}`, likeText(wanted)]);
  });
}

async function countOf(builder: Knex.QueryBuilder): Promise<number> {
  const [row] = (await builder.count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0);
}

/** A page of Haier orders: those that have waited longest first in the work list, else the newest. */
export async function listHaierOrders(
  request: HaierOrderQuery,
): Promise<{ rows: HaierOrder[]; total: number }> {
  const from = () =>
    narrow(request.view === 'work-list' ? onlyWork() : connectionFor().from(readAll().as('list')), request);
  const rows = from().select('list.*');
  if (request.view === 'work-list') rows.orderBy('list.work_since').orderBy('list.id');
  else rows.orderBy('list.id', 'desc');
  const page = (await rows
    .limit(request.pageSize)
    .offset((request.page - 1) * request.pageSize)) as ListedRow[];
  return { rows: page.map(toHaierOrder), total: await countOf(from()) };
}

/** One Haier order by its documentId. */
export async function findHaierOrder(documentId: string): Promise<HaierOrder | undefined> {
  const [row] = (await readAll().where('orders.document_id', documentId).limit(1)) as ListedRow[];
  return row === undefined ? undefined : toHaierOrder(row);
}

/** How many wait for a person, and how many Haier is working on. */
export async function countHaierOrders(): Promise<{ workList: number; underWay: number }> {
  return {
    workList: await countOf(onlyWork()),
    underWay: await countOf(
      query(ORDER_UID)
        .where('product_source', 'haier')
        .whereIn('haier_status', ['push_pending', 'push_failed', 'cancel_pending', ...AT_HAIER])
        .whereIn('status', ['paid', 'shipped', 'refunding']),
    ),
  };
}

/** What a person may do about an order now. */
export function allowedActions({ order, work }: HaierOrder): OrderAction[] {
  const { haierStatus, status } = order;
  const isLive = status === 'paid' || status === 'shipped' || status === 'completed';
  const isAsked = work?.reason === 'refund_undecided';
  const isOverdue = work?.reason === 'cancel_overdue';
  const may: Record<OrderAction, boolean> = {
    push: status === 'paid' && ['push_failed', 'confirm_refused', 'out_of_stock'].includes(haierStatus),
    cancel:
      isOverdue || (AT_HAIER.includes(haierStatus) && (status === 'paid' || status === 'shipped' || isAsked)),
    reschedule: canReschedule(order),
    refresh: order.haierOrderNo !== null && status !== 'refunded',
    refund:
      isOverdue ||
      isAsked ||
      (isLive &&
        ['push_failed', 'confirm_refused', 'out_of_stock', 'cancelled', 'cancel_refused'].includes(
          haierStatus,
        )),
    handled: work !== null,
  };
  if (haierStatus === 'push_pending') may.push = work?.reason === 'push_overdue';
  return ORDER_ACTIONS.filter((action) => may[action]);
}

const dayOf = (time: Date | null): string | null => (time === null ? null : beijingDay(time));

/** An order as the page of the plugin shows it: never the street, never the phone. */
export function presentHaierOrder(listed: HaierOrder): HaierOrderView {
  const { order, work } = listed;
  return {
    id: order.documentId,
    orderNumber: order.orderNumber,
    status: order.status,
    haierStatus: order.haierStatus,
    haierOrderNo: order.haierOrderNo,
    soId: order.haierSoId,
    productName: order.productName,
    productCode: order.productCode,
    district: `${order.snapshotCity} ${order.snapshotDistrict}`,
    amountFen: yuanToFen(order.actualAmount),
    paidAt: isoTime(order.paidAt),
    message: order.haierFailMessage,
    work: work === null ? null : { reason: work.reason, since: work.since.toISOString() },
    distributionDate: dayOf(order.distributionTime),
    installDate: dayOf(order.installTime),
    actions: allowedActions(listed),
  };
}
