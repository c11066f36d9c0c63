import { query, type Tx } from '../../../platform/database';
import { INVENTORY_LOG_UID } from '../../inventory/inventory-rows';
import type { OrderRow } from '../order-rows';

/**
 * True while an order's present life has stock locked. A cancelled order keeps it until its payments have ended for
 * certain; the ledger alone tells, so that nothing can disagree with it.
 */
export async function holdsStock(tx: Tx, order: OrderRow): Promise<boolean> {
  if (order.productSource !== 'local') return false;
  const rows = (await query(INVENTORY_LOG_UID, tx)
    .where({ order_id: order.id, life: order.life })
    .whereIn('change_type', ['lock', 'release', 'deduct'])
    .select('change_type')) as { change_type: string }[];
  return rows.length === 1 && rows[0]?.change_type === 'lock';
}
