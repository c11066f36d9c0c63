import { fetchRows, type BaseRow, query, tableName } from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { OUTBOX_UID } from '../../../platform/outbox';
import { INVENTORY_ITEM_UID } from '../../inventory/inventory-rows';
import { ORDER_UID } from '../../order/order-rows';
import { PAYMENT_UID, REFUND_UID } from '../../payment/payment-rows';

const NOTIFICATION_UID = 'api::notification.notification';
const PRODUCT_UID = 'api::product.product';
/** At or below this many sellable pieces a product on sale counts as low in stock. */
const LOW_STOCK = 5;
const SHOWN_NOTICES = 5;
const SHOWN_PRODUCTS = 5;

export interface StaffNotice extends BaseRow {
  type: string;
  title: string;
  content: string | null;
}

/** What waits for staff: how many of each, the newest notices, and the products that run out first. */
export interface WorkList {
  ordersToShip: number;
  refundsToDecide: number;
  /** Abnormal ones, to be settled at WeChat, and failed ones nobody has tried again. */
  refundsToMend: number;
  paymentsToCheck: number;
  deadMessages: number;
  lowStock: number;
  lowStockProducts: { documentId: string; name: string; available: number }[];
  notices: StaffNotice[];
}

async function count(uid: string, where: Record<string, unknown>): Promise<number> {
  const [row] = (await query(uid).where(where).count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0);
}

async function countStuckRefunds(): Promise<number> {
  const failed = query(REFUND_UID)
    .where('status', 'failed')
    .whereNotIn('id', query(REFUND_UID).whereNotNull('retry_of_id').select('retry_of_id'));
  const [row] = (await failed.count({ total: '*' })) as { total: number | string }[];
  return (await count(REFUND_UID, { status: 'abnormal' })) + Number(row?.total ?? 0);
}

function lowStockQuery() {
  const items = tableName(INVENTORY_ITEM_UID);
  const products = tableName(PRODUCT_UID);
  return query(INVENTORY_ITEM_UID)
    .join(products, `${products}.document_id`, `${items}.product_document_id`)
    .where({
      [`${products}.locale`]: DEFAULT_LOCALE,
      [`${products}.is_active`]: true,
      [`${products}.is_sales`]: true,
    })
    .whereRaw('?? - ?? <= ?', [`${items}.on_hand`, `${items}.locked`, LOW_STOCK]);
}

async function readLowStock(): Promise<WorkList['lowStockProducts']> {
  const items = tableName(INVENTORY_ITEM_UID);
  const products = tableName(PRODUCT_UID);
  const rows = (await lowStockQuery()
    .select(
      `${products}.document_id as document_id`,
      `${products}.name as name`,
      `${items}.on_hand as on_hand`,
      `${items}.locked as locked`,
    )
    .orderByRaw('?? - ??', [`${items}.on_hand`, `${items}.locked`])
    .limit(SHOWN_PRODUCTS)) as { document_id: string; name: string; on_hand: number; locked: number }[];
  return rows.map((row) => ({
    documentId: row.document_id,
    name: row.name,
    available: row.on_hand - row.locked,
  }));
}

/** Reads the staff's work list: a handful of counted, indexed questions. */
export async function readWorkList(): Promise<WorkList> {
  const [low] = (await lowStockQuery().count({ total: '*' })) as { total: number | string }[];
  return {
    ordersToShip: await count(ORDER_UID, { status: 'paid' }),
    // One that is decided and waits for the supplier has no decision left.
    refundsToDecide: await count(REFUND_UID, { status: 'requested', decided_at: null }),
    refundsToMend: await countStuckRefunds(),
    paymentsToCheck: await count(PAYMENT_UID, { status: 'disputed' }),
    deadMessages: await count(OUTBOX_UID, { status: 'dead' }),
    lowStock: Number(low?.total ?? 0),
    lowStockProducts: await readLowStock(),
    notices: await fetchRows<StaffNotice>(
      NOTIFICATION_UID,
      query(NOTIFICATION_UID).where('audience', 'staff').orderBy('id', 'desc').limit(SHOWN_NOTICES),
    ),
  };
}
