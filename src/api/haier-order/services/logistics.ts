/** Where the goods are: asked for orders under way alone, kept on the order, and what it means for the order. */
import { isDelivered, movingParcel, type Parcel } from '../../../domain/haier-logistics';
import { AT_HAIER } from '../../../domain/haier-states';
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { fetchRows, inTransaction, query } from '../../../platform/database';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { findOrder } from '../../order/services/cancellation';
import { autoCompleteOrder, shipOrder } from '../../order/services/fulfilment';
import { lockOrder } from '../../order/services/lifecycle';
import { supplier, type SupplierImage, type SupplierParcel, type SupplierTracking } from '../supplier';
import { HAIER, type HaierFacts, keepFacts, toWords } from './haier-lifecycle';

/** YLH tells the tracking numbers of a hundred orders at once. */
const PAGE = 100;
/** Traces are asked for one by one; so many at a time. */
const AT_ONCE = 4;
const DAY_MS = 86_400_000;
/** Pictures come a while after the goods. */
const PICTURES_FOR_MS = 3 * DAY_MS;
const UNNAMED_CARRIER = '海尔物流';

export interface LogisticsReport {
  total: number;
  changed: number;
  failed: { orderNumber: string; reason: string }[];
}

const orders = () => query(ORDER_UID).where('product_source', 'haier').whereNotNull('haier_order_no');

const readUnderWay = (afterId: number): Promise<OrderRow[]> =>
  fetchRows<OrderRow>(
    ORDER_UID,
    orders()
      .whereIn('haier_status', [...AT_HAIER])
      .whereIn('status', ['paid', 'shipped'])
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(PAGE),
  );

const readWithoutPictures = (): Promise<OrderRow[]> =>
  fetchRows<OrderRow>(
    ORDER_UID,
    orders()
      .where('status', 'completed')
      .where('completed_at', '>', new Date(clock.now().getTime() - PICTURES_FOR_MS))
      .whereNull('delivery_images')
      .orderBy('id')
      .limit(PAGE),
  );

const toParcel = ({ company, trackingNumber, status, traces }: SupplierParcel): Parcel => ({
  company,
  trackingNumber,
  status,
  traces: traces.map(({ at, status: words }) => ({ at: at?.toISOString() ?? null, status: words })),
});

/** The parcels of both answers: YLH knows the numbers, the open platform where they are. */
function joinParcels(known: SupplierParcel[], tracking: SupplierTracking['parcels']): Parcel[] {
  const parcels = known.map(toParcel);
  const numbers = new Set(parcels.map(({ trackingNumber }) => trackingNumber));
  const missing = tracking.filter(({ trackingNumber }) => !numbers.has(trackingNumber));
  const [only] = parcels;
  const [number] = missing;
  if (parcels.length === 1 && only?.trackingNumber === null && missing.length === 1 && number !== undefined)
    return [{ ...only, company: only.company ?? number.company, trackingNumber: number.trackingNumber }];
  return [...parcels, ...missing.map((parcel) => toParcel({ ...parcel, status: null, traces: [] }))];
}

const toPictures = (images: SupplierImage[]) =>
  images.map(({ type, url, uploadedAt }) => ({ type, url, uploadedAt: uploadedAt?.toISOString() ?? null }));

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Keeps what differs from what the order has. True when something did. */
function keepDifferent(order: OrderRow, facts: HaierFacts): Promise<boolean> {
  return inTransaction(async (tx) => {
    const current = await lockOrder(tx, { id: order.id });
    const names = Object.keys(facts) as (keyof HaierFacts)[];
    if (names.every((name) => isSame(facts[name], current[name]))) return false;
    await keepFacts(tx, current, facts);
    return true;
  });
}

/** The order may have been cancelled or shipped by hand in this moment; then there is nothing to do. */
async function unlessMoved(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'ORDER_STATE_CONFLICT')) throw error;
  }
}

async function refreshPictures(order: OrderRow): Promise<boolean> {
  const images = await supplier().listDeliveryImages(order.haierOrderNo ?? '');
  return images.length > 0 && keepDifferent(order, { deliveryImages: toPictures(images) });
}

/** Lets the order follow its goods: shipped when they move, completed when they have arrived. */
async function follow(order: OrderRow, parcels: Parcel[]): Promise<void> {
  const moving = movingParcel(parcels);
  if (moving === undefined) return;
  if (order.status === 'paid') {
    const shipment = {
      company: moving.company ?? UNNAMED_CARRIER,
      trackingNumber: moving.trackingNumber ?? order.haierOrderNo ?? order.orderNumber,
    };
    await unlessMoved(() => shipOrder(order.documentId, shipment, HAIER));
  }
  if (!isDelivered(parcels)) return;
  await autoCompleteOrder(order.id);
}

async function refreshOne(order: OrderRow, tracking: SupplierTracking['parcels']): Promise<boolean> {
  const parcels = joinParcels(await supplier().readLogistics(order.haierOrderNo ?? ''), tracking);
  // Nothing known is no reason to forget what was.
  const isChanged = parcels.length > 0 && (await keepDifferent(order, { logistics: parcels }));
  await follow(order, parcels);
  if (isDelivered(parcels)) await refreshPictures(order);
  return isChanged;
}

async function readTracking(page: OrderRow[]): Promise<Map<string, SupplierTracking['parcels']>> {
  const numbers = page.flatMap(({ haierOrderNo }) => haierOrderNo ?? []);
  const answers = await supplier().listTracking(numbers);
  const byOrder = new Map<string, SupplierTracking['parcels']>();
  for (const { orderCode, parcels } of answers)
    byOrder.set(orderCode, [...(byOrder.get(orderCode) ?? []), ...parcels]);
  return byOrder;
}

const reasonOf = (error: unknown): string => toWords(error instanceof Error ? error.message : String(error));

/** Runs `work` for each order, a few at once; one that fails fails alone. */
async function forEach(
  page: OrderRow[],
  report: LogisticsReport,
  signal: AbortSignal,
  work: (order: OrderRow) => Promise<boolean>,
): Promise<void> {
  const waiting = [...page];
  const take = async (): Promise<void> => {
    for (let order = waiting.shift(); order !== undefined && !signal.aborted; order = waiting.shift()) {
      report.total += 1;
      try {
        if (await work(order)) report.changed += 1;
      } catch (error) {
        report.failed.push({ orderNumber: order.orderNumber, reason: reasonOf(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

async function refreshPage(page: OrderRow[], report: LogisticsReport, signal: AbortSignal): Promise<void> {
  let tracking = new Map<string, SupplierTracking['parcels']>();
  try {
    tracking = await readTracking(page);
  } catch (error) {
    // The traces may be had all the same; the numbers come with the next round.
    report.failed.push({ orderNumber: `${page[0]?.orderNumber ?? ''}…`, reason: reasonOf(error) });
  }
  await forEach(page, report, signal, (order) =>
    refreshOne(order, tracking.get(order.haierOrderNo ?? '') ?? []),
  );
}

/**
 * Asks for the logistics of every order under way, a page at a time, and for the pictures of those delivered lately. Stops at the
 * next order when `signal` is aborted. One order that fails is reported and stops no other.
 */
export async function syncLogistics({
  signal,
  onProgress,
}: {
  signal: AbortSignal;
  onProgress(done: number): void;
}): Promise<LogisticsReport> {
  const report: LogisticsReport = { total: 0, changed: 0, failed: [] };
  let afterId = 0;
  while (!signal.aborted) {
    const page = await readUnderWay(afterId);
    const last = page.at(-1);
    if (last === undefined) break;
    afterId = last.id;
    await refreshPage(page, report, signal);
    onProgress(report.total);
  }
  if (!signal.aborted) await forEach(await readWithoutPictures(), report, signal, refreshPictures);
  onProgress(report.total);
  return report;
}

/** Asks about one order now. Throws NOT_FOUND, ORDER_STATE_CONFLICT (Haier has no number for it), and what the supplier does. */
export async function refreshLogistics(documentId: string): Promise<void> {
  const order = await findOrder(documentId);
  if (order.haierOrderNo === null)
    throw new Refusal('ORDER_STATE_CONFLICT', {
      sentence: { zh: '海尔还没有该订单的单号', en: 'Haier has no number for this order yet' },
      details: { status: order.status, haierStatus: order.haierStatus, allowed: [] },
    });
  try {
    const tracking = await readTracking([order]);
    await refreshOne(order, tracking.get(order.haierOrderNo) ?? []);
    await refreshPictures(order);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    strapi.log.warn(`logistics of ${order.orderNumber}: ${reasonOf(error)}`);
    throw new Refusal('UPSTREAM_UNAVAILABLE', {
      sentence: {
        zh: `海尔没有答复物流查询：${reasonOf(error)}`,
        en: `Haier has not answered about the logistics: ${reasonOf(error)}`,
      },
    });
  }
}

export default () => ({ syncLogistics, refreshLogistics });
