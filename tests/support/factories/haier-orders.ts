/** Paid Haier orders, and a supplier that does as it is told. */
import type {
  PushOutcome,
  RefusalPolicy,
  RequestOutcome,
  Supplier,
  SupplierImage,
  SupplierOrder,
  SupplierParcel,
} from '../../../src/api/haier-order/supplier';
import type { CallbackDelivery } from '../../../src/api/haier-order/services/callbacks';
import { compiled, type TestApp } from '../app';
import { type Made, makeProduct } from './catalogue';
import { type Buyer, createBuyer, payAtWechat, placeOrder, startPaying } from './orders';

/** What the supplier answers from now on, and what it was asked. */
export interface FakeSupplier extends Supplier {
  pushes: SupplierOrder[];
  cancels: { soId: string; reason: string }[];
  reschedules: object[];
  asked: string[];
  policy: RefusalPolicy;
  push: PushOutcome | ((order: SupplierOrder) => Promise<PushOutcome>);
  cancel: RequestOutcome;
  rescheduled: RequestOutcome;
  parcels: SupplierParcel[];
  images: SupplierImage[];
  numbers: { company: string | null; trackingNumber: string }[];
}

export function fakeSupplier(): FakeSupplier {
  const fake: FakeSupplier = {
    pushes: [],
    cancels: [],
    reschedules: [],
    asked: [],
    policy: 'refund',
    push: { kind: 'pushed', haierOrderNo: null, wasThere: false },
    cancel: { kind: 'accepted' },
    rescheduled: { kind: 'accepted' },
    parcels: [],
    images: [],
    numbers: [],
    readPolicy: () => Promise.resolve({ onRefusal: fake.policy }),
    pushOrder(order) {
      fake.pushes.push(order);
      if (typeof fake.push === 'function') return fake.push(order);
      if (fake.push.kind !== 'pushed') return Promise.resolve(fake.push);
      return Promise.resolve({ ...fake.push, haierOrderNo: fake.push.haierOrderNo ?? `SO.${order.soId}` });
    },
    cancelOrder(request) {
      fake.cancels.push(request);
      return Promise.resolve(fake.cancel);
    },
    reschedule(request) {
      fake.reschedules.push(request);
      return Promise.resolve(fake.rescheduled);
    },
    listDeliveryImages: () => Promise.resolve(fake.images),
    readLogistics(haierOrderNo) {
      fake.asked.push(haierOrderNo);
      return Promise.resolve(fake.parcels);
    },
    listTracking: (numbers) =>
      Promise.resolve(numbers.map((orderCode) => ({ orderCode, parcels: fake.numbers }))),
  };
  return fake;
}

/** Puts a supplier in the place of the plugin. */
export function connectFake(fake: Supplier): void {
  compiled<typeof import('../../../src/api/haier-order/supplier')>(
    'src/api/haier-order/supplier',
  ).connectSupplier(fake);
}

/** Haier's goods can be bought without asking Haier. */
export function stockEverything(): void {
  const { connectSupplierStock } = compiled<typeof import('../../../src/api/product/supplier-stock')>(
    'src/api/product/supplier-stock',
  );
  const { clock } = compiled<typeof import('../../../src/platform/clock')>('src/platform/clock');
  connectSupplierStock({
    readAvailability: () => Promise.resolve({ available: true, stock: 1_000 }),
    assertAvailable: (lines) =>
      Promise.resolve(
        lines.map(({ product }) => ({ product: product.documentId, pieces: 1_000, askedAt: clock.now() })),
      ),
  });
}

export interface HaierOrderRow {
  id: number;
  document_id: string;
  order_number: string;
  status: string;
  haier_status: string;
  haier_order_no: string | null;
  haier_so_id: string | null;
  haier_fail_message: string | null;
  [column: string]: unknown;
}

export interface PaidHaierOrder {
  buyer: Buyer;
  product: string;
  id: string;
  number: string;
}

let serial = 0;

/** A Haier product on sale. */
export const makeHaierProduct = (app: TestApp, more: Record<string, unknown> = {}): Promise<Made> =>
  makeProduct(app, {
    source: 'haier',
    isActive: true,
    isSales: true,
    price: 1999,
    productCode: `HR${String((serial += 1)).padStart(6, '0')}`,
    ...more,
  });

/** What a test of orders at Haier does, step by step. `app` is asked at every step: it exists from `beforeAll` on. */
export function haierSteps(app: () => TestApp) {
  const row = async (documentId: string): Promise<HaierOrderRow> =>
    (await app().strapi.db.connection('orders').where({ document_id: documentId }).first()) as HaierOrderRow;
  const port = () =>
    compiled<typeof import('../../../src/haier/order-port')>('src/haier/order-port').orderPort;

  return {
    row,
    port,

    /** A paid order; nothing has been pushed yet. */
    async paid(more: { buyer?: Buyer; product?: string } = {}): Promise<PaidHaierOrder> {
      const buyer = more.buyer ?? (await createBuyer(app()));
      const product = more.product ?? (await makeHaierProduct(app())).documentId;
      const order = await placeOrder(app(), buyer, product);
      const { payParams } = await startPaying(app(), buyer, { order: order.documentId });
      await payAtWechat(app(), buyer, payParams);
      return { buyer, product, id: order.documentId, number: order.orderNumber };
    },

    /** Status of an order and of it at Haier, as `paid/pushed`. */
    async standing(id: string): Promise<string> {
      const { status, haier_status: haierStatus } = await row(id);
      return `${status}/${haierStatus}`;
    },

    /** A call-back that is in order; unlike every other unless an event id is given. */
    delivery(
      orderNumber: string,
      event: CallbackDelivery['event'],
      state: CallbackDelivery['state'] = 'done',
      more: Partial<CallbackDelivery> = {},
    ): CallbackDelivery {
      return {
        eventId: `event-${(serial += 1)}`,
        event,
        state,
        orderNumber,
        haierOrderNo: null,
        failMessage: null,
        quantities: null,
        sentAt: new Date(),
        rawBody: 'Data=…',
        ...more,
      };
    },

    receive: (delivery: CallbackDelivery) => port().receive(delivery),

    async historyOf(id: string): Promise<string[]> {
      const { id: orderId } = await row(id);
      return (await app()
        .strapi.db.connection('order_histories')
        .where({ order_id: orderId })
        .where('event', 'like', 'haier:%')
        .orderBy('id')
        .pluck('event')) as string[];
    },

    /** Time passes, and what is due is worked. */
    async later(minutes: number): Promise<void> {
      await app().advance(minutes * 60_000);
      await app().drain();
    },

    async refunds(id: string) {
      const { id: orderId } = await row(id);
      return (await app()
        .strapi.db.connection('refunds')
        .where({ order_id: orderId })
        .orderBy('id')
        .select('status', 'kind', 'reason', 'decision_reason', 'document_id', 'decided_by')) as {
        status: string;
        kind: string;
        reason: string;
        decision_reason: string | null;
        document_id: string;
        decided_by: string | null;
      }[];
    },

    /** Why an order waits for a person; null when it does not. */
    async workOf(id: string): Promise<string | null> {
      return (await port().find(id))?.work?.reason ?? null;
    },
  };
}

export const STAFF_ACTOR = { kind: 'staff', id: 'admin:1', name: '店长' } as const;
