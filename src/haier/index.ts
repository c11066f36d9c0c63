/** Connects the shop and the plugin `haier-integration`: each is handed what it needs of the other. */
import type { Core } from '@strapi/strapi';

import { connectRegionTable } from '../api/address/region-table';
import { haierGate } from '../api/haier-order/services/cancelling';
import { connectSupplier } from '../api/haier-order/supplier';
import { connectRefundGate } from '../api/payment/refund-gate';
import { connectSupplierStock } from '../api/product/supplier-stock';
import { clock } from '../platform/clock';
import { isInTransaction } from '../platform/database';
import { createMask } from '../platform/masking';
import { PLUGIN_ID } from '../plugins/haier-integration/server/src/constants';
import { getService } from '../plugins/haier-integration/server/src/plugin-services';
import { connectPorts } from '../plugins/haier-integration/server/src/ports';
import { shopWorker } from '../worker';
import { cataloguePort } from './catalogue-port';
import { orderPort } from './order-port';
import { createQueuePort } from './queue-port';
import { regionTable } from './region-table';
import { staffPort } from './staff-port';
import { createSupplierStock } from './supplier-stock';

/** Nobody outside is asked while rows are locked. */
function guardOutsideCall(): void {
  if (isInTransaction()) throw new Error('Haier and YLH must not be called while a transaction is open');
}

/**
 * Called once at start, after the database is open and before the first request. Without the plugin nothing is connected: every
 * district code is believed, Haier's goods cannot be ordered.
 */
export function connectHaier(strapi: Core.Strapi): void {
  if ((strapi.plugin(PLUGIN_ID) as object | undefined) === undefined) return;
  connectPorts({
    catalogue: cataloguePort,
    orders: orderPort,
    queue: createQueuePort(shopWorker().topics, strapi.log),
    staff: staffPort,
    guardOutsideCall,
    createMask,
    now: () => clock.now(),
  });
  connectRegionTable(regionTable);
  connectSupplierStock(
    createSupplierStock({
      readStock: (productCode, countyCode) => getService('stockReader').read(productCode, countyCode),
    }),
  );
  connectSupplier(getService('operations'));
  connectRefundGate(haierGate);
}
