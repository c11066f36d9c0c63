/**
 * The one writer of stock that moves because of orders; by hand it is moved in stock-adjustment. Every change is one SQL statement that carries its own condition, and its ledger row in the
 * same transaction. Callers hand in their transaction and lock orders before stock; lines are worked in the order of
 * their product ids, so that two baskets never wait for each other.
 */
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { insertRow, insertRows, query, type Tx } from '../../../platform/database';
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

interface ItemRow {
  product_document_id: string;
  on_hand: number;
  locked: number;
}

/** Pieces wanted of each product, in the order in which stock rows are locked. */
function sumByProduct(lines: OrderStockLine[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { productDocumentId, quantity } of byProduct(lines)) {
    wanted.set(productDocumentId, (wanted.get(productDocumentId) ?? 0) + quantity);
  }
  return wanted;
}

/** The stock rows as they are; with `forUpdate` locked, by product, until the transaction ends. */
async function readItems(tx: Tx, products: string[], forUpdate: boolean): Promise<Map<string, ItemRow>> {
  const builder = query(INVENTORY_ITEM_UID, tx)
    .whereIn('product_document_id', products)
    .orderBy('product_document_id')
    .select('product_document_id', 'on_hand', 'locked');
  if (forUpdate) builder.forUpdate();
  const rows = (await builder) as ItemRow[];
  return new Map(rows.map((row) => [row.product_document_id, row]));
}

function findShortages(wanted: Map<string, number>, items: Map<string, ItemRow>): Shortage[] {
  return [...wanted].flatMap(([product, requested]) => {
    const item = items.get(product);
    const available = item === undefined ? 0 : item.on_hand - item.locked;
    return available < requested ? [{ product, requested, available }] : [];
  });
}

/** The pieces of each product, for a statement that moves several. */
const piecesSql = (wanted: Map<string, number>): string =>
  `case product_document_id ${[...wanted].map(() => 'when ? then cast(? as integer)').join(' ')} end`;

/** Takes several products at once. Their rows are locked first, in order: an UPDATE of many locks them in any order. */
async function lockSeveral(tx: Tx, wanted: Map<string, number>): Promise<ItemRow[]> {
  const shortages = findShortages(wanted, await readItems(tx, [...wanted.keys()], true));
  if (shortages.length > 0) throw outOfStock(shortages);
  const pieces = piecesSql(wanted);
  const moved = await query(INVENTORY_ITEM_UID, tx)
    .whereIn('product_document_id', [...wanted.keys()])
    .whereRaw(`on_hand - locked >= ${pieces}`, [...wanted].flat())
    .update({ locked: tx.raw(`locked + ${pieces}`, [...wanted].flat()), updated_at: clock.now() })
    .returning(['product_document_id', 'on_hand', 'locked']);
  if (moved.length !== wanted.size) throw new Error('stock moved although its rows were locked');
  return moved as ItemRow[];
}

async function lockOne(tx: Tx, product: string, quantity: number): Promise<ItemRow[]> {
  const after = await move(tx, LOCK, product, quantity);
  if (after !== undefined) {
    return [{ product_document_id: product, on_hand: after.onHand, locked: after.locked }];
  }
  // As it was when the statement refused, or later: what is said is never less than what was asked.
  const item = (await readItems(tx, [product], false)).get(product);
  const available = Math.min((item?.on_hand ?? 0) - (item?.locked ?? 0), quantity - 1);
  throw outOfStock([{ product, requested: quantity, available: Math.max(available, 0) }]);
}

/** The ledger reads as if the lines had been moved one after the other. */
function ledgerOf(change: Change, lines: OrderStockLine[], after: ItemRow[], operator: OperatorOf) {
  const running = new Map(after.map((row) => [row.product_document_id, row]));
  return byProduct(lines)
    .reverse()
    .map((line) => {
      const item = running.get(line.productDocumentId);
      if (item === undefined) throw new Error('a ledger row without its stock row');
      const row = ledgerRow(line, change, { onHand: item.on_hand, locked: item.locked }, operator(line));
      running.set(line.productDocumentId, {
        ...item,
        locked: item.locked - change.lockedSign * line.quantity,
      });
      return row;
    })
    .reverse();
}

type OperatorOf = (line: OrderStockLine) => string;

/**
 * Promises pieces to orders, of one shopper or of many. Throws OUT_OF_STOCK with every shortage, which rolls back all
 * of it.
 */
export async function lockStock(
  tx: Tx,
  lines: OrderStockLine[],
  operator: string | OperatorOf,
): Promise<void> {
  const wanted = sumByProduct(lines);
  const [first] = [...wanted];
  if (first === undefined) return;
  const after = wanted.size === 1 ? await lockOne(tx, ...first) : await lockSeveral(tx, wanted);
  const operatorOf = typeof operator === 'string' ? () => operator : operator;
  await insertRows(INVENTORY_LOG_UID, tx, ledgerOf(LOCK, lines, after, operatorOf));
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

/** The same for many orders at once. Throws when the figures of a product have drifted, and nothing is given back. */
export async function releaseAllStock(tx: Tx, lines: OrderStockLine[], operator: string): Promise<void> {
  if (lines.length === 0) return;
  const wanted = sumByProduct(lines);
  const products = [...wanted.keys()];
  // An UPDATE of many rows locks them in any order.
  await readItems(tx, products, true);
  const pieces = piecesSql(wanted);
  const after = (await query(INVENTORY_ITEM_UID, tx)
    .whereIn('product_document_id', products)
    .whereRaw(`locked >= ${pieces}`, [...wanted].flat())
    .update({ locked: tx.raw(`locked - ${pieces}`, [...wanted].flat()), updated_at: clock.now() })
    .returning(['product_document_id', 'on_hand', 'locked'])) as ItemRow[];
  const moved = new Set(after.map((row) => row.product_document_id));
  const drifted = products.filter((product) => !moved.has(product));
  if (drifted.length > 0)
    throw new Error(`stock cannot be released, the figures have drifted: ${drifted.join()}`);
  await insertRows(
    INVENTORY_LOG_UID,
    tx,
    ledgerOf(RELEASE, lines, after, () => operator),
  );
}

/** The goods leave the house. */
export const deductStock = (tx: Tx, line: OrderStockLine, operator: string): Promise<void> =>
  moveForOrder(tx, DEDUCT, line, operator);

/** Goods that came back after a refund can be sold again. */
export const restockGoods = (tx: Tx, line: OrderStockLine, operator: string, reason: string): Promise<void> =>
  moveForOrder(tx, RESTOCK, line, operator, reason);

export default () => ({ lockStock, releaseStock, releaseAllStock, deductStock, restockGoods });
