import type { SupplierToken, TokenHabits } from '../supplier/tokens';

/** A product as Haier knows it. Money in yuan. */
export interface HaierGoods {
  productCode: string;
  productModel: string;
  productGroup: string;
  brand: string;
  /** False: known, not for sale. */
  isSales: boolean;
  noSalesReason: string;
  /** 普通供价; null: 价格未生效. */
  supplyPrice: number | null;
  /** 直扣 as a rate, or a kind of rebate where the same field names one. */
  stockRebatePolicy: number | 'COM' | 'FHQ' | 'BF' | 'DTDBF';
  /** 台返, yuan a piece. */
  rebateMoney: number;
}

export interface Warehouse {
  secCode: string;
  stock: number;
  /** `0` own level, `1` upper level. */
  warehouseGrade: '0' | '1';
  timelinessData?: { cutTime: string; achieveUserOrderCut: string; hour: number | string; isTranfer: string };
}

export interface PayerAccount {
  saleGroupCode: string;
  saleGroupName: string;
  payerAccountCode: string;
  payerAccountName: string;
  /** Yuan. */
  payerAccountBalance: number;
}

/** In which of its published or seen forms the platform answers. */
export interface HaierHabits {
  token: TokenHabits & { name: 'access_token' | 'token'; wrapped: boolean };
  authScheme: 'bearer' | 'raw';
  /** A business answer bare, under `data` alone, or with `success, code, message` around it. */
  envelope: 'bare' | 'data' | 'full';
  /** Stock and balance: one object where there is only one, or always a list. */
  single: 'list' | 'object';
  /** Amounts and pieces. */
  numbers: 'number' | 'string';
  /** `isSales`. */
  flags: 'string' | 'number';
  /** `productGroupNamd, productLageUrls`, or as they should be spelt. */
  spelling: 'published' | 'corrected';
  /** Lists of logistics with nothing in them. */
  emptyLists: 'empty' | 'absent' | 'null';
  callsPerSecond: number;
}

export interface HaierState {
  habits: HaierHabits;
  tokens: SupplierToken[];
  /** Goods that differ from the catalogue's, by code; null: Haier has never heard of it. */
  goods: Record<string, HaierGoods | null | undefined>;
  /** How many made-up products stand beside the catalogue's. */
  generated: number;
  /** Whether the thirty of the catalogue are there. */
  hasCatalogue: boolean;
  /** `code|county` or `code|*`: warehouses that are answered instead of the usual ones. */
  stock: Record<string, Warehouse[] | undefined>;
  /** `code|first two digits of the province`: pieces YLH has taken orders for since the stock was last set. */
  taken: Record<string, number | undefined>;
  accounts: PayerAccount[];
}

export const usualHaierHabits = (): HaierHabits => ({
  token: {
    lifetimeSeconds: 3_600,
    newEndsOld: false,
    expiresIn: 'number',
    name: 'access_token',
    wrapped: false,
  },
  authScheme: 'bearer',
  envelope: 'full',
  single: 'list',
  numbers: 'number',
  flags: 'string',
  spelling: 'published',
  emptyLists: 'empty',
  callsPerSecond: 100,
});

/** A platform nobody has asked yet. */
export function emptyHaierState(): HaierState {
  return {
    habits: usualHaierHabits(),
    tokens: [],
    goods: {},
    generated: 0,
    hasCatalogue: true,
    stock: {},
    taken: {},
    accounts: [
      {
        saleGroupCode: 'B01',
        saleGroupName: '沙箱销售组',
        payerAccountCode: '8800000001',
        payerAccountName: '沙箱商城付款账户',
        payerAccountBalance: 500_000,
      },
      {
        saleGroupCode: 'B02',
        saleGroupName: '沙箱厨电组',
        payerAccountCode: '8800000002',
        payerAccountName: '沙箱商城厨电账户',
        payerAccountBalance: 12_345.67,
      },
    ],
  };
}
