/**
 * What the two clients offer, in the words of this plugin: the spellings and oddities of the wire stay behind them. Money is
 * integer fen, times are `Date`. Every method throws `HaierError` and nothing else. Batches of 20 and 100 are made inside.
 * Wire format: the published interface descriptions of Haier's open platform and of YLH; section numbers of the project's
 * contract page stand at each method.
 */

/** A product the account may buy (1.2). */
export interface HaierProduct {
  productCode: string;
  productModel: string | null;
  productGroup: string | null;
  brandName: string | null;
  mainImageUrl: string | null;
  pageImageUrls: string[];
  isOnSale: boolean;
  notOnSaleReason: string | null;
}

/** What the merchant pays for a product (1.3). An amount is null where Haier names none. */
export interface HaierPrice {
  productCode: string;
  supplyPriceFen: number | null;
  invoicePriceFen: number | null;
  /** 直扣, a rate such as 0.05; null where the field names a kind of rebate instead. */
  stockRebateRate: number | null;
  rebateMoneyFen: number | null;
  isOnSale: boolean | null;
  /** e.g. `价格未生效`, `商品暂不可采`. */
  reason: string | null;
}

/** Stock of one warehouse for one district (1.4). */
export interface HaierWarehouse {
  warehouseCode: string;
  pieces: number;
  level: 'own' | 'upper' | null;
  timeliness: { cutTime: string | null; hours: number | null; isTransferred: boolean | null } | null;
}

/** Stock of one product for one district: the sum over its warehouses, with the promise of the fullest one. */
export interface HaierStock {
  productCode: string;
  countyCode: string;
  pieces: number;
  deliveryPromise: string | null;
  warehouses: HaierWarehouse[];
}

export interface TraceStep {
  /** As the carrier writes it; null where it cannot be read as a time. */
  at: Date | null;
  status: string;
}

/** One parcel of an order, from whichever of the three lists it came (1.5). */
export interface HaierParcel {
  source: 'haier' | 'zhihuibao' | 'third_party';
  company: string | null;
  trackingNumber: string | null;
  status: string | null;
  traces: TraceStep[];
}

/** Money the account still has at Haier (1.6). */
export interface PayerBalance {
  saleGroupCode: string | null;
  saleGroupName: string | null;
  payerAccountCode: string;
  payerAccountName: string | null;
  balanceFen: number;
}

export interface HaierApi {
  /** Gets a token anew and says until when it is good; for "test connection". (1.1) */
  authenticate(): Promise<{ expiresAt: Date }>;
  /** Every product that may be bought, or those of the codes (twenty a call), one after the other. */
  listProducts(
    productCodes?: readonly string[],
    options?: { signal?: AbortSignal },
  ): AsyncIterable<HaierProduct>;
  /** Prices of these products, twenty a call; a code Haier does not answer for is left out. */
  readPrices(productCodes: readonly string[], options?: { signal?: AbortSignal }): AsyncIterable<HaierPrice>;
  /** Stock for one product in one district, live. */
  readStock(productCode: string, countyCode: string): Promise<HaierStock>;
  readLogistics(haierOrderNo: string, deliveryRecordCode?: string): Promise<HaierParcel[]>;
  readBalances(): Promise<PayerBalance[]>;
}

/** One order of one appliance, as it is handed to YLH (2.2). */
export interface YlhOrder {
  /** YLH's key for one push; a repeat is refused, so sending it twice is safe. */
  soId: string;
  /** Our order number. */
  orderNumber: string;
  createdAt: Date;
  consigneeName: string;
  consigneeMobile: string;
  province: string;
  city: string;
  area: string;
  town: string | null;
  /** Street part alone, without province, city and district. */
  detailAddress: string;
  remark: string | null;
  /** Days in Beijing, `YYYY-MM-DD`; the client makes them 23:59:59 of that day. */
  distributionDate: string | null;
  installDate: string | null;
  isGovernmentOrder: boolean;
  lines: YlhOrderLine[];
}

/** Amounts are of one piece. */
export interface YlhOrderLine {
  productCode: string;
  quantity: number;
  retailPriceFen: number;
  discountFen: number;
  actualPriceFen: number;
  isGift: boolean;
}

/** `already_there`: YLH has this so id from an earlier push. */
export interface YlhCreated {
  outcome: 'created' | 'already_there';
  retailOrderNo: string | null;
}

export interface DeliveryImage {
  type: 'delivery' | 'installation' | 'other';
  url: string;
  uploadedAt: Date | null;
}

export interface YlhTracking {
  orderCode: string;
  deliveryRecordCode: string | null;
  parcels: { company: string | null; trackingNumber: string; serialNumber: string | null }[];
}

export interface YlhApi {
  /** (2.1) */
  authenticate(): Promise<{ expiresAt: Date }>;
  /** Safe to repeat with the same so id. A refusal throws `rejected`. (2.2) */
  createOrder(order: YlhOrder): Promise<YlhCreated>;
  /** Asks for a cancel. Accepted is not cancelled: the verdict is a call-back. (2.3) */
  cancelOrder(request: { soId: string; reason: string; cancelledAt: Date }): Promise<void>;
  /** Days in Beijing, `YYYY-MM-DD`. (2.4) */
  reschedule(request: {
    retailOrderNo: string;
    distributionDate?: string;
    installDate?: string;
  }): Promise<void>;
  /** (2.5) */
  listDeliveryImages(orderNo: string): Promise<DeliveryImage[]>;
  /** Tracking numbers of these orders, a hundred a call. (2.6) */
  listTracking(orderCodes: readonly string[]): AsyncIterable<YlhTracking>;
}
