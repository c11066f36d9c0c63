/**
 * What the shop asks of whoever hands its Haier orders on: amounts in integer fen, days of Beijing as `YYYY-MM-DD`. The plugin
 * `haier-integration` has the shape of it; `src/haier` connects the two.
 */
export interface SupplierOrderLine {
  productCode: string;
  quantity: number;
  /** These three are of one piece. */
  retailPriceFen: number;
  discountFen: number;
  actualPriceFen: number;
  isGift: boolean;
}

export interface SupplierOrder {
  /** The key of this push: sent twice it is one order. */
  soId: string;
  orderNumber: string;
  createdAt: Date;
  consigneeName: string;
  consigneeMobile: string;
  province: string;
  city: string;
  area: string;
  town: string | null;
  /** Street part alone. */
  detailAddress: string;
  remark: string | null;
  distributionDate: string | null;
  installDate: string | null;
  isGovernmentOrder: boolean;
  lines: SupplierOrderLine[];
}

/**
 * `pushed`: they have it, from now or from before · `refused`: they said no · `failed`: certainly not taken, worth another try ·
 * `unknown`: it may have been taken.
 */
export type PushOutcome =
  | { kind: 'pushed'; haierOrderNo: string | null; wasThere: boolean }
  | { kind: 'refused' | 'failed' | 'unknown'; message: string };

/** `accepted` is not yet done where a call-back has the last word. */
export type RequestOutcome =
  { kind: 'accepted' } | { kind: 'refused' | 'failed' | 'unknown'; message: string };

export interface SupplierParcel {
  company: string | null;
  trackingNumber: string | null;
  status: string | null;
  traces: { at: Date | null; status: string }[];
}

export interface SupplierTracking {
  orderCode: string;
  parcels: { company: string | null; trackingNumber: string }[];
}

export interface SupplierImage {
  type: 'delivery' | 'installation' | 'other';
  url: string;
  uploadedAt: Date | null;
}

/** What happens to the money of an order Haier does not deliver: back at once, or a person decides. */
export type RefusalPolicy = 'refund' | 'hold';

export interface Supplier {
  readPolicy(): Promise<{ onRefusal: RefusalPolicy }>;
  pushOrder(order: SupplierOrder): Promise<PushOutcome>;
  cancelOrder(request: { soId: string; reason: string; cancelledAt: Date }): Promise<RequestOutcome>;
  reschedule(request: {
    retailOrderNo: string;
    distributionDate?: string;
    installDate?: string;
  }): Promise<RequestOutcome>;
  /** These three throw when there is no answer. */
  listDeliveryImages(haierOrderNo: string): Promise<SupplierImage[]>;
  readLogistics(haierOrderNo: string): Promise<SupplierParcel[]>;
  /** At most a hundred numbers at once. */
  listTracking(haierOrderNos: readonly string[]): Promise<SupplierTracking[]>;
}

const message = '尚未接入易理货';
const nobody = (): Promise<never> => Promise.reject(new Error(message));

const NOT_CONNECTED: Supplier = {
  readPolicy: () => Promise.resolve({ onRefusal: 'hold' }),
  pushOrder: () => Promise.resolve({ kind: 'failed', message }),
  cancelOrder: () => Promise.resolve({ kind: 'failed', message }),
  reschedule: () => Promise.resolve({ kind: 'failed', message }),
  listDeliveryImages: nobody,
  readLogistics: nobody,
  listTracking: nobody,
};

let connected = NOT_CONNECTED;

/** Connects whoever hands orders on; called once at start. Without an argument nobody does any more. */
export function connectSupplier(supplier: Supplier = NOT_CONNECTED): void {
  connected = supplier;
}

/** Whoever is connected. */
export const supplier = (): Supplier => connected;
