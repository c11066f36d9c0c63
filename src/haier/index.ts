/** Connects the shop and the plugin `haier-integration`: each is handed what it needs of the other. */
import type { Core } from '@strapi/strapi';

import { connectSupplier } from '../api/haier-order/supplier';
import { haierGate } from '../api/haier-order/services/cancelling';
import { connectRefundGate } from '../api/payment/refund-gate';
import { clock } from '../platform/clock';
import { isInTransaction } from '../platform/database';
import { connectPorts } from '../plugins/haier-integration/server/src/ports';
import { shopWorker } from '../worker';
import { orderPort } from './order-port';
import { createQueuePort } from './queue-port';
import { staffPort } from './staff-port';
import { supplierOf } from './supplier';

/** Nobody outside is asked while rows are locked. */
function guardOutsideCall(): void {
  if (isInTransaction()) throw new Error('Haier and YLH must not be called while a transaction is open');
}

/** Called once at start, after the database is open. */
export function connectHaier(strapi: Core.Strapi): void {
  connectPorts({
    orders: orderPort,
    queue: createQueuePort(shopWorker().topics, strapi.log),
    staff: staffPort,
    guardOutsideCall,
    now: () => clock.now(),
  });
  connectSupplier(supplierOf(strapi));
  connectRefundGate(haierGate);
}
