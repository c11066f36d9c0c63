import type { SignedInUser } from '../../platform/request';
import type { Actor } from './order-rows';

export { shopperActor as asShopper } from './order-rows';

export const asStaff = (user: SignedInUser): Actor => ({
  type: 'staff',
  id: user.documentId,
  name: user.username,
});

/** Staff reach every order; shoppers their own. */
export const ownerFilter = (user: SignedInUser): number | undefined => (user.isStaff ? undefined : user.id);
