/** What the plugin offers to the shop: `strapi.plugin('haier-integration').service('operations')`. */
import type { DeliveryImage, HaierParcel, HaierStock, YlhOrder, YlhTracking } from './clients/contract';

/**
 * What became of a push.
 * - `pushed`: YLH has the order, from now or from before.
 * - `refused`: YLH said no; repeating changes nothing.
 * - `failed`: certainly not taken (nobody answered the connection, circuit open, 429, 503, no token): worth repeating.
 * - `unknown`: it may have been taken: repeat with the same so id.
 */
export type PushOutcome =
  | { kind: 'pushed'; haierOrderNo: string | null; wasThere: boolean }
  | { kind: 'refused' | 'failed' | 'unknown'; message: string };

/** What became of another request about an order. `accepted` is not yet done where a call-back has the last word. */
export type RequestOutcome =
  { kind: 'accepted' } | { kind: 'refused' | 'failed' | 'unknown'; message: string };

/** What Haier said it has of a product for a district. */
export interface StockReading extends HaierStock {
  /** Milliseconds since Haier was asked: what was sold since then is not in the figure. */
  ageMs: number;
}

/** A district of the table (GB/T 2260), with the names a shopper may write. */
export interface District {
  code: string;
  province: string;
  city: string;
  district: string;
}

export type DistrictAnswer =
  | { kind: 'found'; district: District }
  /**
   * The name is that of a development zone which the statistics bureau counts like a district. It has no code in GB/T 2260,
   * so nobody can be asked about stock there; the suggestions are districts of the same city.
   */
  | { kind: 'statistical_area'; area: District; suggestions: District[] }
  /** The closest names, best first, at most five; never a guess taken for an answer. */
  | { kind: 'unknown'; suggestions: District[] };

export interface HaierOperations {
  /** Which systems have an account, and the rules staff have set. */
  readPolicy(): Promise<{
    haier: boolean;
    ylh: boolean;
    onRefusal: 'refund' | 'hold';
  }>;
  /** Live or at most a minute old, one question for many waiters. Throws HaierError. */
  readStock(productCode: string, countyCode: string): Promise<StockReading>;
  findDistrict(place: {
    code?: string | null;
    province?: string;
    city?: string;
    district?: string;
  }): DistrictAnswer;
  pushOrder(order: YlhOrder): Promise<PushOutcome>;
  cancelOrder(request: { soId: string; reason: string; cancelledAt: Date }): Promise<RequestOutcome>;
  reschedule(request: {
    retailOrderNo: string;
    distributionDate?: string;
    installDate?: string;
  }): Promise<RequestOutcome>;
  /** These throw HaierError. */
  listDeliveryImages(orderNo: string): Promise<DeliveryImage[]>;
  readLogistics(haierOrderNo: string): Promise<HaierParcel[]>;
  listTracking(haierOrderNos: readonly string[]): Promise<YlhTracking[]>;
}
