import { Refusal } from '../../domain/refusal';

/** Whether a product can be bought for delivery to a district, and how many. */
export interface Availability {
  available: boolean;
  stock: number;
  /** When the goods would arrive, in the supplier's words. */
  deliveryPromise?: string;
}

/** So many pieces of one product. */
export interface SupplierLine {
  product: { documentId: string; code: string | null };
  quantity: number;
}

/** How many pieces of a product the supplier had when it was asked; what the shop has promised since then comes off. */
export interface SupplierAllowance {
  product: string;
  pieces: number;
  askedAt: Date;
}

/** What the shop asks of whoever supplies the goods it does not keep itself. Never inside a transaction: it asks the outside. */
export interface SupplierStock {
  /** Asks live. Throws UPSTREAM_UNAVAILABLE, UPSTREAM_FAILED, REGION_UNKNOWN or NOT_FOR_SALE. */
  readAvailability(request: {
    productDocumentId: string;
    productCode: string;
    districtCode: string;
  }): Promise<Availability>;
  /**
   * Resolves when every piece can be delivered to the district, with the supplier's word for each product: two shoppers
   * may have been told of the same last piece, so it is counted against once more where the orders are written. Throws
   * OUT_OF_STOCK, NOT_FOR_SALE, REGION_UNKNOWN, UPSTREAM_UNAVAILABLE, UPSTREAM_FAILED.
   */
  assertAvailable(lines: SupplierLine[], districtCode: string): Promise<SupplierAllowance[]>;
}

/** Until a supplier is connected nobody can answer for its goods. */
const NOT_CONNECTED: SupplierStock = {
  readAvailability: () => Promise.reject(new Refusal('UPSTREAM_UNAVAILABLE')),
  assertAvailable: () =>
    Promise.reject(
      new Refusal('UPSTREAM_UNAVAILABLE', {
        sentence: {
          zh: '海尔商品暂不能下单：尚未接入海尔库存',
          en: 'Haier goods cannot be ordered yet: Haier is not connected',
        },
      }),
    ),
};

let supplier = NOT_CONNECTED;

/** Connects whoever answers for Haier's goods; called once at start. Without an argument nobody does any more. */
export function connectSupplierStock(connected: SupplierStock = NOT_CONNECTED): void {
  supplier = connected;
}

/** Whoever is connected. */
export const supplierStock: SupplierStock = {
  readAvailability: (request) => supplier.readAvailability(request),
  assertAvailable: (lines, districtCode) =>
    lines.length === 0 ? Promise.resolve([]) : supplier.assertAvailable(lines, districtCode),
};
