/** Hands the plugin `haier-integration` what it needs of the shop, and the shop what it needs of the plugin. */
import { notifyStaff } from '../api/notification/notify';
import { inTransaction, isInTransaction } from '../platform/database';
import { connectPorts, type StaffPort } from '../plugins/haier-integration/server/src/ports';
import { cataloguePort } from './catalogue-port';

const staffPort: StaffPort = {
  notify: (notice) => inTransaction((tx) => notifyStaff(tx, { type: 'system', ...notice })),
};

function guardOutsideCall(): void {
  if (isInTransaction()) throw new Error('Haier and YLH must not be called while a transaction is open');
}

/** Called before anything of the plugin starts. */
export function connectHaier(): void {
  connectPorts({ catalogue: cataloguePort, staff: staffPort, guardOutsideCall });
}
