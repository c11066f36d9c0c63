/** Answers for Haier's goods: what Haier has for a district, less what this shop has promised and Haier does not know of yet. */
import { Refusal, type Sentence } from '../domain/refusal';
import { regionUnknown } from '../api/address/region-table';
import { outOfStock, type Shortage } from '../api/inventory/services/stock';
import { countPromised } from '../api/order/services/supplier-allowance';
import { notForSale } from '../api/product/products-for-sale';
import type { SupplierAllowance, SupplierLine, SupplierStock } from '../api/product/supplier-stock';
import { clock } from '../platform/clock';
import { isInTransaction } from '../platform/database';
import type {
  FailureKind,
  HaierError as HaierFailure,
} from '../plugins/haier-integration/server/src/domain/errors';
import { HaierError } from '../plugins/haier-integration/server/src/domain/errors';
import type { HaierOperations } from '../plugins/haier-integration/server/src/operations';
import { regionTable } from './region-table';

export type StockQuestions = Pick<HaierOperations, 'readStock'>;

const NOT_CONNECTED: Sentence = {
  zh: '海尔商品暂不能下单：尚未接入海尔库存',
  en: 'Haier goods cannot be ordered yet: Haier is not connected',
};
const UNAVAILABLE: Sentence = {
  zh: '暂时无法查询海尔库存，请稍后再试',
  en: 'Stock at Haier cannot be asked for at present, please try again later',
};
const FAILED: Sentence = {
  zh: '海尔库存查询返回错误，请稍后再试',
  en: 'Haier answered the question for stock with an error, please try again later',
};

/** How Haier says that it does not sell something, in its words about prices and products. */
const NOT_SOLD = /不可采|不可售|停售|下架/;

const REFUSALS: Record<FailureKind, () => Refusal> = {
  not_configured: () => new Refusal('UPSTREAM_UNAVAILABLE', { sentence: NOT_CONNECTED }),
  unavailable: () => new Refusal('UPSTREAM_UNAVAILABLE', { sentence: UNAVAILABLE }),
  unknown_outcome: () => new Refusal('UPSTREAM_UNAVAILABLE', { sentence: UNAVAILABLE }),
  rejected: () => new Refusal('UPSTREAM_FAILED', { sentence: FAILED }),
  unauthorized: () => new Refusal('UPSTREAM_FAILED', { sentence: FAILED }),
  bad_answer: () => new Refusal('UPSTREAM_FAILED', { sentence: FAILED }),
};

function toRefusal(error: HaierFailure, product: string): Refusal {
  const { upstreamMessage = null } = error;
  if (error.kind === 'rejected' && upstreamMessage !== null && NOT_SOLD.test(upstreamMessage))
    return notForSale({ documentId: product, noSalesReason: upstreamMessage });
  return REFUSALS[error.kind]();
}

/** Haier knows districts of GB/T 2260 only. Throws REGION_UNKNOWN for any other code. */
function assertDistrict(code: string): void {
  const answer = regionTable.find({ code, province: '', city: '', district: '' });
  if (answer.kind === 'found' && answer.region.code === code) return;
  const { province, city, district } = answer.kind === 'statistical' ? answer.region : NOWHERE;
  throw regionUnknown({ province, city, district, code }, answer);
}

const NOWHERE = { province: '', city: '', district: '' };

interface Asked {
  documentId: string;
  code: string;
}

interface Word extends SupplierAllowance {
  deliveryPromise: string | null;
}

/** Pieces wanted of each product: the same one on two lines is one question. */
function sumByProduct(lines: SupplierLine[]): { product: SupplierLine['product']; quantity: number }[] {
  const wanted = new Map<string, { product: SupplierLine['product']; quantity: number }>();
  for (const { product, quantity } of lines) {
    const known = wanted.get(product.documentId)?.quantity ?? 0;
    wanted.set(product.documentId, { product, quantity: known + quantity });
  }
  return [...wanted.values()];
}

/** Haier knows its goods by their code; about one without nobody can be asked. */
function toAsked({ documentId, code }: SupplierLine['product']): Asked {
  if (code === null) throw notForSale({ documentId, noSalesReason: null });
  return { documentId, code };
}

export function createSupplierStock({ readStock }: StockQuestions): SupplierStock {
  async function ask({ documentId, code }: Asked, districtCode: string): Promise<Word> {
    try {
      const { pieces, ageMs, deliveryPromise } = await readStock(code, districtCode);
      const askedAt = new Date(clock.now().getTime() - Math.ceil(ageMs));
      return { product: documentId, pieces, askedAt, deliveryPromise };
    } catch (error) {
      if (error instanceof HaierError) throw toRefusal(error, documentId);
      throw error;
    }
  }

  async function askAll(products: Asked[], districtCode: string): Promise<Word[]> {
    // Rows would stay locked for as long as Haier takes.
    if (isInTransaction()) throw new Error('Haier must not be asked while a transaction is open');
    assertDistrict(districtCode);
    return Promise.all(products.map((product) => ask(product, districtCode)));
  }

  return {
    async readAvailability({ productDocumentId, productCode, districtCode }) {
      const asked = [{ documentId: productDocumentId, code: productCode }];
      const [word] = await askAll(asked, districtCode);
      if (word === undefined) throw new Error('one question without an answer');
      const promised = (await countPromised([word])).get(productDocumentId) ?? 0;
      const stock = Math.max(word.pieces - promised, 0);
      const promise = word.deliveryPromise === null ? {} : { deliveryPromise: word.deliveryPromise };
      return { available: stock > 0, stock, ...promise };
    },

    async assertAvailable(lines, districtCode) {
      const wanted = sumByProduct(lines);
      const words = await askAll(
        wanted.map(({ product }) => toAsked(product)),
        districtCode,
      );
      const promised = await countPromised(words);
      const short = wanted.flatMap(({ product: { documentId }, quantity }, index): Shortage[] => {
        const available = (words[index]?.pieces ?? 0) - (promised.get(documentId) ?? 0);
        return available >= quantity
          ? []
          : [{ product: documentId, requested: quantity, available: Math.max(available, 0) }];
      });
      if (short.length > 0) throw outOfStock(short);
      return words;
    },
  };
}
