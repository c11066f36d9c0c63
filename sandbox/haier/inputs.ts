import { z } from 'zod';
import { tokenHabitsInput } from '../supplier/token-inputs';

/** What the control operations on Haier take. */

export const haierHabitsInput = z.strictObject({
  token: tokenHabitsInput
    .extend({ name: z.enum(['access_token', 'token']).optional(), wrapped: z.boolean().optional() })
    .optional(),
  authScheme: z.enum(['bearer', 'raw']).optional(),
  envelope: z.enum(['bare', 'data', 'full']).optional(),
  single: z.enum(['list', 'object']).optional(),
  numbers: z.enum(['number', 'string']).optional(),
  flags: z.enum(['string', 'number']).optional(),
  spelling: z.enum(['published', 'corrected']).optional(),
  emptyLists: z.enum(['empty', 'absent', 'null']).optional(),
  /** 0: every call is one too many. */
  callsPerSecond: z.int().min(0).optional(),
});

export const goodsInput = z.strictObject({
  productCode: z.string().min(1),
  productModel: z.string().optional(),
  productGroup: z.string().optional(),
  brand: z.string().optional(),
  isSales: z.boolean().optional(),
  noSalesReason: z.string().optional(),
  supplyPrice: z.number().min(0).nullable().optional(),
  stockRebatePolicy: z.union([z.number().min(0).max(1), z.enum(['COM', 'FHQ', 'BF', 'DTDBF'])]).optional(),
  rebateMoney: z.number().min(0).optional(),
});

export const productCodeInput = z.strictObject({ productCode: z.string().min(1) });

export const generateInput = z.strictObject({ count: z.int().min(0).max(100_000) });

export const catalogueInput = z.strictObject({ isThere: z.boolean() });

const warehouse = z.strictObject({
  secCode: z.string().min(1),
  stock: z.int().min(0),
  warehouseGrade: z.enum(['0', '1']),
  timelinessData: z
    .strictObject({
      cutTime: z.string(),
      achieveUserOrderCut: z.string(),
      hour: z.union([z.number(), z.string()]),
      isTranfer: z.string(),
    })
    .optional(),
});

export const stockInput = z.strictObject({
  productCode: z.string().min(1),
  /** Absent = every district. */
  countyCode: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  /** Either so many pieces in one warehouse, or the warehouses themselves. */
  pieces: z.int().min(0).optional(),
  warehouses: z.array(warehouse).optional(),
});

export const stockQuestion = z.strictObject({
  productCode: z.string().min(1),
  countyCode: z.string().regex(/^\d{6}$/),
});

export const accountsInput = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        saleGroupCode: z.string(),
        saleGroupName: z.string(),
        payerAccountCode: z.string(),
        payerAccountName: z.string(),
        payerAccountBalance: z.number(),
      }),
    )
    .optional(),
});

export type HaierHabitsInput = z.infer<typeof haierHabitsInput>;
export type GoodsInput = z.infer<typeof goodsInput>;
export type StockInput = z.infer<typeof stockInput>;
