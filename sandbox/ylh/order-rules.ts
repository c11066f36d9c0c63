import { z } from 'zod';
import { badParameter } from '../supplier/refusal';

const DAY_MS = 86_400_000;
const BEIJING_OFFSET_MS = 8 * 3_600_000;
/** A time in seconds is below, one in microseconds above. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(2015, 0), Date.UTC(2100, 0)];

const text = z.string().trim().min(1);
const fen = (yuan: number): number => Math.round(yuan * 100);

const yuan = z
  .number()
  .min(0)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, 'has more than two decimals');

/** Epoch ms, and not seconds. */
export const epochMs = z.int().min(EARLIEST_MS).max(LATEST_MS);

/** "The time of day must be 23:59:59 Beijing time" (contract, 2.2 and 2.4). */
export const endOfDay = epochMs.refine(
  (value) => Math.floor(((value + BEIJING_OFFSET_MS) % DAY_MS) / 1_000) === 86_399,
  'must be 23:59:59 of a day in Beijing',
);

const item = z.strictObject({
  productCode: text,
  itemQty: z.literal(1, 'must be 1: one order, one appliance'),
  retailPrice: yuan,
  discountAmount: yuan,
  actualPrice: yuan,
  isGift: z.boolean().optional(),
});

/** Fields and types of an order (contract, 2.2). What the fields have to do with each other is in `checkOrder`. */
export const orderRequest = z.strictObject({
  sourceSystem: text,
  shopName: text,
  sellerCode: z.string().regex(/^\d{8}$/, 'must be 8 digits'),
  consigneeName: text,
  consigneeMobile: text,
  onlineNo: text,
  soId: text.max(64),
  remark: z.string().optional(),
  totalQty: z.int().min(1),
  totalAmt: yuan,
  createTime: epochMs,
  province: text,
  city: text,
  area: text,
  town: z.string().optional(),
  detailAddress: text,
  distributionTime: endOfDay.optional(),
  installTime: endOfDay.optional(),
  governmentOrder: z.boolean().optional(),
  deliveryInstall: z.enum(['true', 'false']),
  itemList: z.array(item).min(1),
});

export type OrderRequest = z.infer<typeof orderRequest>;

function addressProblem({ province, city, area, detailAddress }: OrderRequest): string | undefined {
  const detail = detailAddress.replace(/\s/g, '');
  // A street may be called after a city; what is refused is the address beginning again, or the names in a row.
  const again =
    [province, city, area].some((name) => detail.startsWith(name)) ||
    [province + city, city + area].some((names) => detail.includes(names));
  return again ? 'detailAddress repeats province, city or district' : undefined;
}

function installProblem({
  distributionTime,
  installTime,
  deliveryInstall,
}: OrderRequest): string | undefined {
  const isTogether = distributionTime !== undefined && distributionTime === installTime;
  return deliveryInstall === String(isTogether)
    ? undefined
    : `deliveryInstall must be "${String(isTogether)}" for these times`;
}

function amountProblem({ itemList, totalAmt, totalQty }: OrderRequest): string | undefined {
  const wrong = itemList.find(
    ({ retailPrice, discountAmount, actualPrice }) =>
      fen(actualPrice) !== fen(retailPrice) - fen(discountAmount),
  );
  if (wrong) return `actualPrice of ${wrong.productCode} is not retailPrice − discountAmount of one piece`;
  const sum = itemList.reduce((total, { actualPrice, itemQty }) => total + fen(actualPrice) * itemQty, 0);
  if (sum !== fen(totalAmt)) return 'totalAmt is not the sum of actualPrice × itemQty';
  const pieces = itemList.reduce((total, { itemQty }) => total + itemQty, 0);
  return pieces === totalQty ? undefined : 'totalQty is not the sum of itemQty';
}

function pieceProblem({ itemList }: OrderRequest): string | undefined {
  const bought = itemList.filter(({ isGift }) => isGift !== true);
  return bought.length === 1 ? undefined : 'one order, one appliance: gifts aside there must be one item';
}

/** Throws 400 with the first rule of the contract that the order breaks. */
export function checkOrder(order: OrderRequest): void {
  const problem =
    addressProblem(order) ?? installProblem(order) ?? pieceProblem(order) ?? amountProblem(order);
  if (problem !== undefined) throw badParameter(problem);
}
