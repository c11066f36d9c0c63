import fs from 'node:fs';
import path from 'node:path';
import { Refusal } from './refusal.mjs';

/**
 * Safeguards that can be taken out of a copy of the compiled shop, and the tests that must go red without them. `cut` is what is
 * taken out of `file` (and what takes its place); a pattern that is not there is an error, so that this list cannot go stale.
 */
export const BREAKS = [
  {
    name: 'stock-condition',
    says: 'the condition of the stock statement',
    cuts: [
      {
        file: 'src/api/inventory/services/stock.js',
        cut: /builder\.whereRaw\('on_hand - locked >= \?', \[quantity\]\)/,
      },
    ],
    run: ['tests/concurrency/races', '-t', '500 buyers for 10 pieces'],
  },
  {
    name: 'stock-condition-and-check',
    says: 'the condition of the stock statement and the CHECK behind it',
    cuts: [
      {
        file: 'src/api/inventory/services/stock.js',
        cut: /builder\.whereRaw\('on_hand - locked >= \?', \[quantity\]\)/,
      },
      {
        file: 'database/declared.js',
        cut: /condition: 'locked >= 0 and locked <= on_hand'/,
        by: "condition: '1 = 1'",
      },
    ],
    run: ['tests/concurrency/races', '-t', '500 buyers for 10 pieces'],
  },
  {
    name: 'settlement',
    says: 'the compare-and-set of the settlement',
    cuts: [
      { file: 'src/api/payment/payment-store.js', cut: /\.whereNot\('status', 'succeeded'\)/ },
      {
        file: 'src/api/payment/services/settlement.js',
        cut: /if \(payment\.status === 'succeeded'\)\s+return 'already_settled';/,
      },
    ],
    run: ['tests/concurrency/races', '-t', '50 copies'],
  },
  {
    name: 'ledger-index',
    says: 'the unique indexes of the ledger',
    cuts: [
      { file: 'database/declared.js', cut: /\{\s+name: 'shop_unique_inventory_log',[^}]+\},/ },
      { file: 'database/declared.js', cut: /\{\s+name: 'shop_unique_inventory_end',[^}]+\},/ },
    ],
    run: ['tests/integration/audit.test.ts'],
  },
  {
    name: 'order-lock',
    says: 'the lock on the order and the condition of its update',
    cuts: [
      { file: 'src/api/order/services/lifecycle.js', cut: /\.forUpdate\(\)/g },
      {
        file: 'src/api/order/services/lifecycle.js',
        cut: /\.where\(\{ id: order\.id, status: order\.status, version: order\.version \}\)/,
        by: '.where({ id: order.id })',
      },
    ],
    run: ['tests/concurrency/races', '-t', 'every pairing|two staff|ship against'],
  },
  {
    name: 'haier-turns',
    says: 'the turns in which orders of one Haier product are counted',
    cuts: [{ file: 'src/api/order/services/supplier-allowance.js', cut: /await takeTurns\(tx, wanted\);/ }],
    run: ['tests/concurrency/races', '-t', 'last pieces at Haier'],
  },
];

/** The files of a compiled shop with these cuts made, by their path in it. Throws when one of them is nowhere. */
export function withoutSafeguards(dist, cuts) {
  const files = new Map();
  for (const { file, cut, by = '' } of cuts) {
    const text = files.get(file) ?? fs.readFileSync(path.join(dist, file), 'utf8');
    const broken = text.replace(cut, by);
    if (broken === text) throw new Refusal(`${file} 中没有 ${cut}。`, `${file} has no ${cut}.`);
    files.set(file, broken);
  }
  return files;
}
