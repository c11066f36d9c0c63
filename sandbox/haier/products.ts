import { z } from 'zod';
import type { Call } from '../listener';
import { badParameter } from '../supplier/refusal';
import { readJson } from '../supplier/request-body';
import type { World } from '../world';
import { findGoods, listGoods } from './catalogue';
import { pictureUrl } from './pictures';
import { checkCustomer, checkPassword, checkShipTo, flagOf, productCodes } from './questions';
import type { HaierGoods } from './state';

/** Haier Smart Home itself; anything else is the eight-digit code of a service provider. */
const HAIER_SUPPLIER = '1001';

const request = z.strictObject({
  customerCode: z.string(),
  sendToCode: z.string().optional(),
  productCodes: productCodes.optional(),
  supplierCode: z.union([z.literal(HAIER_SUPPLIER), z.string().regex(/^\d{8}$/)]),
  searchType: z.literal('PTJSH'),
  passWord: z.string(),
});

function rowOf(world: World, goods: HaierGoods): Record<string, unknown> {
  const corrected = world.state.haier.habits.spelling === 'corrected';
  const pages = [1, 2].map((page) => pictureUrl(world, goods.productCode, page));
  return {
    productCode: goods.productCode,
    productModel: goods.productModel,
    [corrected ? 'productGroupName' : 'productGroupNamd']: goods.productGroup,
    productBrandName: goods.brand,
    productImageUrl: pictureUrl(world, goods.productCode, 0),
    [corrected ? 'productPageUrls' : 'productLageUrls']: pages,
    isSales: flagOf(world, goods.isSales),
    noSalesReason: goods.noSalesReason,
  };
}

/** Products that may be bought: those of the codes, or all of them (contract, 1.2). */
export function listProducts(world: World, call: Call): unknown[] {
  const given = readJson(call, request);
  checkCustomer(world, given.customerCode, 'customerCode');
  if (given.supplierCode === HAIER_SUPPLIER) {
    if (given.sendToCode === undefined) throw badParameter('sendToCode is required with supplier 1001');
    checkShipTo(world, given.sendToCode, 'sendToCode');
  }
  checkPassword(given.passWord, world.identity.haier.password);
  if (given.supplierCode !== HAIER_SUPPLIER) return [];
  const { haier } = world.state;
  const found =
    given.productCodes === undefined
      ? listGoods(haier)
      : [...new Set(given.productCodes)].flatMap((code) => findGoods(haier, code) ?? []);
  return Array.from(found, (goods) => rowOf(world, goods));
}
