import { z } from 'zod';
import type { Call } from '../listener';
import { readJson } from '../supplier/request-body';
import type { World } from '../world';
import { checkCustomer, checkPassword, numberOf, singleOrList } from './questions';

const request = z.strictObject({ customerCode: z.string(), customerPassword: z.string() });

/** What the account still has (contract, 1.6). */
export function readBalances(world: World, call: Call): unknown {
  const given = readJson(call, request);
  checkCustomer(world, given.customerCode, 'customerCode');
  checkPassword(given.customerPassword, world.identity.haier.customerPassword);
  const rows = world.state.haier.accounts.map((account) => ({
    ...account,
    payerAccountBalance: numberOf(world, account.payerAccountBalance, 2),
  }));
  return singleOrList(world, rows);
}
