import { z } from 'zod';
import { badParameter, forbidden, refused } from '../supplier/refusal';
import type { World } from '../world';

/** "At most 20 a call" (contract, 1.2 and 1.3). */
export const productCodes = z.array(z.string().min(1)).min(1).max(20);

/** Throws unless the password in the body is the agreed one: HTTP 200, `success: false`. */
export function checkPassword(given: string, agreed: string): void {
  if (given !== agreed) throw refused('PASSWORD_ERROR', '密码错误');
}

/** Throws 403 for another customer's code, 400 for one that is no code at all. */
export function checkCustomer(world: World, code: string, name: string): void {
  if (!/^\d{8,10}$/.test(code)) throw badParameter(`${name} must be 8 to 10 digits`);
  if (code !== world.identity.haier.customerCode) throw forbidden(`无权访问客户 ${code}`);
}

export function checkShipTo(world: World, code: string, name: string): void {
  if (code !== world.identity.haier.sendToCode) throw refused('SEND_TO_ERROR', `${name} 与售达方不匹配`);
}

/** An amount or a count the way the platform writes them at the moment. */
export function numberOf(world: World, value: number, places = 0): number | string {
  return world.state.haier.habits.numbers === 'string' ? value.toFixed(places) : value;
}

export function flagOf(world: World, value: boolean): string | number {
  const flag = value ? 1 : 0;
  return world.state.haier.habits.flags === 'string' ? String(flag) : flag;
}

/** One object where there is exactly one and the platform answers so at the moment, else the list. */
export function singleOrList<Row>(world: World, rows: Row[]): Row | Row[] {
  const [first] = rows;
  return world.state.haier.habits.single === 'object' && rows.length === 1 && first !== undefined
    ? first
    : rows;
}
