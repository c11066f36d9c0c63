/** Connects the shop and the plugin `haier-integration`: each is handed what it needs of the other. */
import type { Core } from '@strapi/strapi';

import { isInTransaction } from '../platform/database';
import { connectPorts } from '../plugins/haier-integration/server/src/ports';
import { cataloguePort } from './catalogue-port';
import { staffPort } from './staff-port';

/** Nobody outside is asked while rows are locked. */
function guardOutsideCall(): void {
  if (isInTransaction()) throw new Error('Haier and YLH must not be called while a transaction is open');
}

/** Called once at start, after the database is open. */
export function connectHaier(_strapi: Core.Strapi): void {
  connectPorts({ catalogue: cataloguePort, staff: staffPort, guardOutsideCall });
}
