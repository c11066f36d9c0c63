import { FACT_RULES } from './facts';
import { HAIER_RULES } from './haier';
import { MONEY_RULES } from './money';
import { ORDER_RULES } from './orders';
import { PROMISE_RULES } from './promises';
import type { Rule } from './rule';
import { STOCK_RULES } from './stock';

/** Every question the audit asks, but for those made from the declared rules of the database. */
export const RULES: Rule[] = [
  ...STOCK_RULES,
  ...ORDER_RULES,
  ...MONEY_RULES,
  ...FACT_RULES,
  ...HAIER_RULES,
  ...PROMISE_RULES,
];
