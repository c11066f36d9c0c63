/** What Haier answers, field by field, with its spellings and its numbers as text (contract, 1.2 to 1.6). */
import { z } from 'zod';

import { readTime } from '../domain/beijing-time';
import { readRate, yuanToFen } from '../domain/decimal';
import { anything, flag, key, listOf, text } from './answers';
import type { HaierParcel, HaierPrice, HaierProduct, HaierStock, HaierWarehouse } from './contract';

const addresses = listOf(text)
  .catch([])
  .transform((list) => list.filter((address): address is string => address !== null));

/** 1.2. `productGroupNamd` and `productLageUrls` are their spellings; the right ones are taken too. */
export const productSchema = z
  .object({
    productCode: key,
    productModel: text,
    productGroupNamd: text,
    productGroupName: text,
    productBrandName: text,
    productImageUrl: text,
    productLageUrls: addresses,
    productPageUrls: addresses,
    isSales: flag,
    noSalesReason: text,
  })
  .transform((row): HaierProduct => ({
    productCode: row.productCode,
    productModel: row.productModel,
    productGroup: row.productGroupNamd ?? row.productGroupName,
    brandName: row.productBrandName,
    mainImageUrl: row.productImageUrl,
    pageImageUrls: row.productLageUrls.length > 0 ? row.productLageUrls : row.productPageUrls,
    // What does not clearly say yes is not sold.
    isOnSale: row.isSales === true,
    notOnSaleReason: row.isSales === true ? null : row.noSalesReason,
  }));

const fen = anything.transform(yuanToFen);

/** 1.3. */
export const priceSchema = z
  .object({
    productCode: key,
    supplyPrice: fen,
    invoicePrice: fen,
    // The page uses one name for the rate and for the kind of rebate.
    stockRebatePolicy: anything.transform(readRate),
    rebateMoney: fen,
    reason: text,
    isSales: flag,
  })
  .transform((row): HaierPrice => ({
    productCode: row.productCode,
    supplyPriceFen: row.supplyPrice,
    invoicePriceFen: row.invoicePrice,
    stockRebateRate: row.stockRebatePolicy,
    rebateMoneyFen: row.rebateMoney,
    isOnSale: row.isSales,
    reason: row.reason,
  }));

const pieces = z.union([z.string(), z.number()]).transform((value, context) => {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) context.addIssue({ code: 'custom', message: 'no number' });
  return Math.max(0, Math.trunc(number));
});

const LEVELS: Record<string, HaierWarehouse['level']> = { '0': 'own', '1': 'upper' };

const timelinessSchema = z
  .object({
    cutTime: text,
    achieveUserOrderCut: text,
    hour: anything.transform(readRate),
    isTranfer: flag,
  })
  .nullish()
  .catch(null);

/** 1.4, one warehouse. */
export const warehouseSchema = z
  .object({
    secCode: text,
    stock: pieces,
    warehouseGrade: text,
    timelinessData: timelinessSchema,
  })
  .transform(({ secCode, stock, warehouseGrade, timelinessData }) => ({
    warehouse: {
      warehouseCode: secCode ?? '',
      pieces: stock,
      level: LEVELS[warehouseGrade ?? ''] ?? null,
      timeliness: timelinessData
        ? {
            cutTime: timelinessData.cutTime,
            hours: timelinessData.hour,
            isTransferred: timelinessData.isTranfer,
          }
        : null,
    } satisfies HaierWarehouse,
    promise: timelinessData ? promiseOf(timelinessData) : null,
  }));

/** In the language of the shoppers; null where Haier promises nothing. */
function promiseOf(given: {
  cutTime: string | null;
  achieveUserOrderCut: string | null;
  hour: number | null;
}) {
  const { cutTime, achieveUserOrderCut, hour } = given;
  if (hour === null) return achieveUserOrderCut;
  return `${cutTime === null ? '' : `${cutTime}前下单，`}${hour}小时内送达`;
}

/** The sum over the warehouses, with the promise of the fullest. */
export function sumStock(
  asked: { productCode: string; countyCode: string },
  entries: z.output<typeof warehouseSchema>[],
): HaierStock {
  const fullest = entries.reduce<(typeof entries)[number] | undefined>(
    (best, entry) => (best === undefined || entry.warehouse.pieces > best.warehouse.pieces ? entry : best),
    undefined,
  );
  return {
    ...asked,
    pieces: entries.reduce((sum, { warehouse }) => sum + warehouse.pieces, 0),
    deliveryPromise: fullest?.promise ?? null,
    warehouses: entries.map(({ warehouse }) => warehouse),
  };
}

const traceSchema = z
  .object({ time: anything.transform(readTime), status: text })
  .transform(({ time, status }) => ({ at: time, status: status ?? '' }));

const parcelSchema = z
  .object({
    logisticsCompany: text,
    logisticsNo: text,
    status: text,
    traces: listOf(traceSchema).catch([]),
  })
  .transform((row): Omit<HaierParcel, 'source'> => ({
    company: row.logisticsCompany,
    trackingNumber: row.logisticsNo,
    status: row.status,
    traces: row.traces,
  }));

/** 1.5: own warehouses, 智汇宝, third-party carriers; any of the three may be missing. */
export const logisticsSchema = z
  .object({
    getAllLogisticsInfoByOrderCode: listOf(parcelSchema),
    getStockDeliveryLogisticsRecord: listOf(parcelSchema),
    getStockDeliveryLogisticsRecordThirdparty: listOf(parcelSchema),
  })
  .transform((lists): HaierParcel[] => [
    ...lists.getAllLogisticsInfoByOrderCode.map((parcel) => ({ source: 'haier' as const, ...parcel })),
    ...lists.getStockDeliveryLogisticsRecord.map((parcel) => ({ source: 'zhihuibao' as const, ...parcel })),
    ...lists.getStockDeliveryLogisticsRecordThirdparty.map((parcel) => ({
      source: 'third_party' as const,
      ...parcel,
    })),
  ]);

/** 1.6. */
export const balanceSchema = z.object({
  saleGroupCode: text,
  saleGroupName: text,
  payerAccountCode: text.transform((code) => code ?? ''),
  payerAccountName: text,
  payerAccountBalance: anything.transform((value, context) => {
    const balance = yuanToFen(value);
    if (balance === null) context.addIssue({ code: 'custom', message: 'no amount' });
    return balance ?? 0;
  }),
});
