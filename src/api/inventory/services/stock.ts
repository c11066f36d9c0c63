/**
 * The one writer of stock. Every change is one SQL statement that carries its own condition, and its ledger row in the
 * same transaction. Callers hand in their transaction and lock orders before stock; lines are worked in the order of
 * their product ids, so that two baskets never wait for each other.
 */
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import {
  insertRow,
  insertRows,
  isCheckViolation,
  newDocument,
  query,
  toColumns,
  type Tx,
} from '../../../platform/database';
import { INVENTORY_ITEM_UID, INVENTORY_LOG_UID, type StockChangeType } from '../inventory-rows';

/** Stock that moves because of an order. `life` counts an order's lives: one that was revived is in its second. */
export interface OrderStockLine {
  orderId: number;
  life: number;
  productDocumentId: string;
  quantity: number;
}

export interface StockFigures {
  onHand: number;
  locked: number;
}

interface Change {
  changeType: StockChangeType;
  /** What the change adds to on hand and to locked, per piece: -1, 0 or 1. */
  onHandSign: -1 | 0 | 1;
  lockedSign: -1 | 0 | 1;
  /** Sign of the ledger's `quantity`: what shoppers have more or less of. */
  quantitySign: -1 | 1;
}

const LOCK: Change = { changeType: 'lock', onHandSign: 0, lockedSign: 1, quantitySign: -1 };
const RELEASE: Change = { changeType: 'release', onHandSign: 0, lockedSign: -1, quantitySign: 1 };
const DEDUCT: Change = { changeType: 'deduct', onHandSign: -1, lockedSign: -1, quantitySign: -1 };
const RESTOCK: Change = { changeType: 'restock', onHandSign: 1, lockedSign: 0, quantitySign: 1 };

/** Moves one product's figures if the condition of the change holds; undefined when it does not. */
async function move(
  tx: Tx,
  change: Change,
  productDocumentId: string,
  quantity: number,
): Promise<StockFigures | undefined> {
  const builder = query(INVENTORY_ITEM_UID, tx).where('product_document_id', productDocumentId);
  if (change === LOCK) builder.whereRaw('on_hand - locked >= ?', [quantity]);
  if (change.lockedSign < 0) builder.where('locked', '>=', quantity);
  if (change.onHandSign < 0) builder.where('on_hand', '>=', quantity);
  const [row] = (await builder
    .update({
      on_hand: tx.raw('on_hand + ?', [change.onHandSign * quantity]),
      locked: tx.raw('locked + ?', [change.lockedSign * quantity]),
      updated_at: clock.now(),
    })
    .returning(['on_hand', 'locked'])) as { on_hand: number; locked: number }[];
  return row === undefined ? undefined : { onHand: row.on_hand, locked: row.locked };
}

function ledgerRow(
  line: OrderStockLine,
  change: Change,
  after: StockFigures,
  operator: string,
  reason?: string,
) {
  return {
    productDocumentId: line.productDocumentId,
    changeType: change.changeType,
    quantity: change.quantitySign * line.quantity,
    onHandDelta: change.onHandSign * line.quantity,
    lockedDelta: change.lockedSign * line.quantity,
    onHandAfter: after.onHand,
    lockedAfter: after.locked,
    orderId: line.orderId,
    life: line.life,
    operator,
    reason: reason ?? null,
  };
}

export const byProduct = <T extends { productDocumentId: string }>(lines: T[]): T[] =>
  [...lines].sort((a, b) =>
    a.productDocumentId < b.productDocumentId ? -1 : a.productDocumentId > b.productDocumentId ? 1 : 0,
  );

export interface Shortage {
  product: string;
  requested: number;
  available: number;
}

export const outOfStock = (items: Shortage[]): Refusal => new Refusal('OUT_OF_STOCK', { details: { items } });

/** `taken`: what this very transaction has already taken of a product is still there for the shopper to order. */
async function readShortages(
  tx: Tx,
  short: Set<string>,
  lines: OrderStockLine[],
  taken: Map<string, number>,
): Promise<Shortage[]> {
  const rows = (await query(INVENTORY_ITEM_UID, tx)
    .whereIn('product_document_id', [...short])
    .select('product_document_id', 'on_hand', 'locked')) as {
    product_document_id: string;
    on_hand: number;
    locked: number;
  }[];
  const left = new Map(rows.map((row) => [row.product_document_id, row.on_hand - row.locked]));
  return [...short].map((product) => ({
    product,
    requested: lines
      .filter((line) => line.productDocumentId === product)
      .reduce((sum, line) => sum + line.quantity, 0),
    available: (left.get(product) ?? 0) + (taken.get(product) ?? 0),
  }));
}

/**
 * Promises pieces to orders. Throws OUT_OF_STOCK with every shortage of the basket, which rolls back all of it.
 */
export async function lockStock(tx: Tx, lines: OrderStockLine[], operator: string): Promise<void> {
  const ledger = [];
  const short = new Set<string>();
  const taken = new Map<string, number>();
  for (const line of byProduct(lines)) {
    const after = await move(tx, LOCK, line.productDocumentId, line.quantity);
    if (after === undefined) {
      short.add(line.productDocumentId);
    } else {
      taken.set(line.productDocumentId, (taken.get(line.productDocumentId) ?? 0) + line.quantity);
      ledger.push(ledgerRow(line, LOCK, after, operator));
    }
  }
  if (short.size > 0) throw outOfStock(await readShortages(tx, short, lines, taken));
  await insertRows(INVENTORY_LOG_UID, tx, ledger);
}

async function moveForOrder(
  tx: Tx,
  change: Change,
  line: OrderStockLine,
  operator: string,
  reason?: string,
): Promise<void> {
  const after = await move(tx, change, line.productDocumentId, line.quantity);
  if (after === undefined) {
    throw new Error(
      `stock of ${line.productDocumentId} cannot ${change.changeType} ${line.quantity}: the figures have drifted`,
    );
  }
  await insertRow(INVENTORY_LOG_UID, tx, ledgerRow(line, change, after, operator, reason));
}

/** Gives back what an order that died had been promised. */
export const releaseStock = (tx: Tx, line: OrderStockLine, operator: string): Promise<void> =>
  moveForOrder(tx, RELEASE, line, operator);

/** The goods leave the house. */
export const deductStock = (tx: Tx, line: OrderStockLine, operator: string): Promise<void> =>
  moveForOrder(tx, DEDUCT, line, operator);

/** Goods that came back after a refund can be sold again. */
export const restockGoods = (tx: Tx, line: OrderStockLine, operator: string, reason: string): Promise<void> =>
  moveForOrder(tx, RESTOCK, line, operator, reason);

export interface Adjustment {
  productDocumentId: string;
  /** The product's row in the default language, so that the panel can show its name. */
  productId: number;
  /** Pieces to add or take away, or the number that was counted. Exactly one of the two. */
  delta?: number;
  onHand?: number;
  reason: string;
  operator: string;
}

/** The refusal of figures that would fall below what is promised to orders. */
const belowLocked = (figures: StockFigures): Refusal =>
  new Refusal('OUT_OF_STOCK', {
    sentence: {
      zh: `库存不能低于已锁定数量（现有 ${figures.onHand}，已锁定 ${figures.locked}）`,
      en: `Stock cannot fall below what is locked for orders (on hand ${figures.onHand}, locked ${figures.locked})`,
    },
    details: { onHand: figures.onHand, locked: figures.locked },
  });

async function readFigures(tx: Tx, productDocumentId: string): Promise<StockFigures> {
  const [row] = (await query(INVENTORY_ITEM_UID, tx)
    .where('product_document_id', productDocumentId)
    .forUpdate()
    .select('on_hand', 'locked')) as { on_hand: number; locked: number }[];
  return { onHand: row?.on_hand ?? 0, locked: row?.locked ?? 0 };
}

/**
 * Changes stock by hand or by count, with a reason. Makes the inventory item on a product's first adjustment. Throws
 * OUT_OF_STOCK when the result would be below what is locked.
 */
export async function adjustStock(tx: Tx, adjustment: Adjustment): Promise<StockFigures> {
  const { productDocumentId, productId, reason, operator } = adjustment;
  await query(INVENTORY_ITEM_UID, tx)
    .insert(
      toColumns(INVENTORY_ITEM_UID, { ...newDocument(), productDocumentId, productId, onHand: 0, locked: 0 }),
    )
    .onConflict('product_document_id')
    .ignore();
  const before = await readFigures(tx, productDocumentId);
  const delta = adjustment.delta ?? (adjustment.onHand ?? before.onHand) - before.onHand;
  const after = { onHand: before.onHand + delta, locked: before.locked };
  if (after.onHand < after.locked) throw belowLocked(before);
  try {
    await query(INVENTORY_ITEM_UID, tx)
      .where('product_document_id', productDocumentId)
      .update({ on_hand: tx.raw('on_hand + ?', [delta]), updated_at: clock.now() });
  } catch (error) {
    if (isCheckViolation(error)) throw belowLocked(before);
    throw error;
  }
  await insertRow(INVENTORY_LOG_UID, tx, {
    productDocumentId,
    changeType: 'adjust',
    quantity: delta,
    onHandDelta: delta,
    lockedDelta: 0,
    onHandAfter: after.onHand,
    lockedAfter: after.locked,
    reason,
    operator,
  });
  return after;
}

export default () => ({ lockStock, releaseStock, deductStock, restockGoods, adjustStock });
