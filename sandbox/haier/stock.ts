import { z } from 'zod';
import type { Call } from '../listener';
import { badParameter } from '../supplier/refusal';
import { readJson } from '../supplier/request-body';
import type { World } from '../world';
import { findGoods } from './catalogue';
import { checkCustomer, checkPassword, checkShipTo, numberOf, singleOrList } from './questions';
import { isCountyCode, warehousesFor } from './warehouses';

const request = z.strictObject({
  salesCode: z.string(),
  senderCode: z.string(),
  productCode: z.string().min(1),
  countyCode: z.string(),
  source: z.literal('JSH-B'),
  sellerPassword: z.string(),
});

/** What each warehouse has of one product for one district (contract, 1.4). */
export function readStock(world: World, call: Call): unknown {
  const given = readJson(call, request);
  if (!isCountyCode(given.countyCode)) {
    throw badParameter('countyCode must be the six-digit code of a district');
  }
  checkCustomer(world, given.salesCode, 'salesCode');
  checkShipTo(world, given.senderCode, 'senderCode');
  checkPassword(given.sellerPassword, world.identity.haier.sellerPassword);
  const { haier } = world.state;
  if (!findGoods(haier, given.productCode)?.isSales) return [];
  const warehouses = warehousesFor(haier, given.productCode, given.countyCode);
  return singleOrList(
    world,
    warehouses.map((warehouse) => ({ ...warehouse, stock: numberOf(world, warehouse.stock) })),
  );
}
