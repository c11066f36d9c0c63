import { notifyStaff } from '../api/notification/notify';
import { inTransaction } from '../platform/database';
import type { StaffPort } from '../plugins/haier-integration/server/src/ports';

/** Tells the staff the way the rest of the shop does: one row they share, on the panel's home page. */
export const staffPort: StaffPort = {
  notify: (notice) => inTransaction((tx) => notifyStaff(tx, { type: 'system', ...notice })),
};
