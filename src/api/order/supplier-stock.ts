import { Refusal } from '../../domain/refusal';
import type { QuotedLine } from './services/quote';

/**
 * What the shop asks of whoever supplies goods it does not keep itself. The Haier plugin hands in its answer at start;
 * until it does, such goods cannot be ordered.
 */
export interface SupplierStock {
  /** Resolves when every piece can be delivered to the district. Throws OUT_OF_STOCK, NOT_FOR_SALE, REGION_UNKNOWN, UPSTREAM_UNAVAILABLE. */
  assertAvailable(lines: QuotedLine[], districtCode: string): Promise<void>;
}

export const supplierStock: SupplierStock = {
  assertAvailable(lines) {
    if (lines.every(({ product }) => product.source === 'local')) return Promise.resolve();
    return Promise.reject(
      new Refusal('UPSTREAM_UNAVAILABLE', {
        sentence: {
          zh: '海尔商品暂不能下单：尚未接入海尔库存',
          en: 'Haier goods cannot be ordered yet: Haier is not connected',
        },
      }),
    );
  },
};
