import { z } from 'zod';
import type { Call } from '../listener';
import { readJson } from '../supplier/request-body';
import type { World } from '../world';
import { findGoods, invoicePrice } from './catalogue';
import { checkCustomer, checkPassword, checkShipTo, flagOf, numberOf, productCodes } from './questions';
import type { HaierGoods } from './state';

const request = z.strictObject({
  customerCode: z.string(),
  sendToCode: z.string(),
  productCodes,
  priceType: z.literal('PT'),
  passWord: z.string(),
});

function reasonOf({ isSales, supplyPrice }: HaierGoods): string {
  if (!isSales) return '商品暂不可采';
  return supplyPrice === null ? '价格未生效' : '';
}

function rowOf(world: World, goods: HaierGoods): Record<string, unknown> {
  const amount = (value: number | null): number | string | null =>
    value === null ? null : numberOf(world, value, 2);
  return {
    productCode: goods.productCode,
    supplyPrice: amount(goods.supplyPrice),
    invoicePrice: amount(invoicePrice(goods)),
    stockRebatePolicy:
      typeof goods.stockRebatePolicy === 'number'
        ? numberOf(world, goods.stockRebatePolicy, 2)
        : goods.stockRebatePolicy,
    rebateMoney: amount(goods.rebateMoney),
    reason: reasonOf(goods),
    isSales: flagOf(world, goods.isSales),
  };
}

/** Prices of the codes; a code Haier has never heard of is left out (contract, 1.3). */
export function readPrices(world: World, call: Call): unknown[] {
  const given = readJson(call, request);
  checkCustomer(world, given.customerCode, 'customerCode');
  checkShipTo(world, given.sendToCode, 'sendToCode');
  checkPassword(given.passWord, world.identity.haier.password);
  const codes = [...new Set(given.productCodes)];
  return codes
    .flatMap((code) => findGoods(world.state.haier, code) ?? [])
    .map((goods) => rowOf(world, goods));
}
