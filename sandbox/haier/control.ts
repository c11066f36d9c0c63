import type { LoopbackHost } from '../listener';
import type { CallRate } from '../supplier/call-rate';
import type { TokenDesk, TokenView } from '../supplier/tokens';
import type { World } from '../world';
import { findGoods, generatedCode, listGoods } from './catalogue';
import type { GoodsInput, HaierHabitsInput, StockInput } from './inputs';
import type { HaierGoods, HaierHabits, PayerAccount, Warehouse } from './state';
import { setWarehouses, warehousesFor } from './warehouses';

/** What a test or the page can do to Haier's open platform. */
export interface HaierControl {
  /** Every product Haier knows. */
  products(): HaierGoods[];
  /** Adds a product or changes some of its fields; what is not given stays, or is made up for a new one. */
  putProduct(input: GoodsInput): HaierGoods;
  /** Haier no longer knows it: it vanishes from every answer. */
  removeProduct(productCode: string): void;
  /** Puts so many made-up products beside the catalogue, `GEN000001` and on; returns the first and the last code. */
  generate(count: number): { first?: string; last?: string };
  /** Whether the thirty products of the catalogue are there. */
  catalogue(isThere: boolean): void;
  /** What is answered for a product from now on: so many pieces in one warehouse, or these warehouses. */
  setStock(input: StockInput): Warehouse[];
  stock(productCode: string, countyCode: string): Warehouse[];
  accounts(accounts?: PayerAccount[]): PayerAccount[];
  /** Changes in which form answers come; nothing given: as they are. */
  habits(changes?: HaierHabitsInput): HaierHabits;
  tokens: {
    list(): TokenView[];
    /** Ends every token now, in the middle of its life. */
    end(): void;
  };
  /** Most calls seen within a second since the start or the last reset. */
  peakCallsPerSecond(): number;
  /** Connections are refused until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
}

const NEW_GOODS: Omit<HaierGoods, 'productCode'> = {
  productModel: 'BCD-1',
  productGroup: '冰箱',
  brand: '海尔',
  isSales: true,
  noSalesReason: '',
  supplyPrice: 1_000,
  stockRebatePolicy: 0,
  rebateMoney: 0,
};

function goodsControl(
  world: World,
): Pick<HaierControl, 'products' | 'putProduct' | 'removeProduct' | 'generate' | 'catalogue'> {
  return {
    products: () => Array.from(listGoods(world.state.haier), (goods) => structuredClone(goods)),
    putProduct(input) {
      const { haier } = world.state;
      const goods = { ...NEW_GOODS, ...findGoods(haier, input.productCode), ...input };
      haier.goods[input.productCode] = goods;
      world.changed();
      return { ...goods };
    },
    removeProduct(productCode) {
      world.state.haier.goods[productCode] = null;
      world.changed();
    },
    generate(count) {
      world.state.haier.generated = count;
      world.changed();
      return count === 0 ? {} : { first: generatedCode(1), last: generatedCode(count) };
    },
    catalogue(isThere) {
      world.state.haier.hasCatalogue = isThere;
      world.changed();
    },
  };
}

function stockControl(world: World): Pick<HaierControl, 'setStock' | 'stock' | 'accounts'> {
  return {
    setStock({ productCode, countyCode, pieces, warehouses }) {
      const answered = warehouses ?? [
        {
          secCode: 'WH-SET',
          stock: pieces ?? 0,
          warehouseGrade: '0' as const,
          timelinessData: { cutTime: '16:00', achieveUserOrderCut: '21:00', hour: 24, isTranfer: '0' },
        },
      ];
      setWarehouses(world.state.haier, productCode, countyCode, answered);
      world.changed();
      return structuredClone(answered);
    },
    stock: (productCode, countyCode) => warehousesFor(world.state.haier, productCode, countyCode),
    accounts(accounts) {
      if (accounts) {
        world.state.haier.accounts = accounts;
        world.changed();
      }
      return structuredClone(world.state.haier.accounts);
    },
  };
}

/** Binds the operations on Haier to a running sandbox. */
export function createHaierControl(
  world: World,
  { tokens, rate, host }: { tokens: TokenDesk; rate: CallRate; host: LoopbackHost },
): HaierControl {
  return {
    ...goodsControl(world),
    ...stockControl(world),
    habits({ token, ...changes } = {}) {
      const { haier } = world.state;
      haier.habits = { ...haier.habits, ...changes, token: { ...haier.habits.token, ...token } };
      world.changed();
      return structuredClone(haier.habits);
    },
    tokens: { list: () => tokens.list(), end: () => tokens.end() },
    peakCallsPerSecond: () => rate.peak,
    down: () => host.down(),
    up: () => host.up(),
  };
}
