import type { RoleType } from '../../domain/roles';

/** What each role may do beyond the role before it, by the full names of controller actions. */
const ADDED_GRANTS: Record<RoleType, Record<string, readonly string[]>> = {
  public: {
    'api::account.account': ['login', 'refresh'],
    'api::category.category': ['find', 'findOne', 'tree'],
    'api::brand.brand': ['find', 'findOne'],
    'api::product.product': ['find', 'findOne', 'related', 'recommended', 'availability'],
    'api::payment.payment': ['notify', 'notifyRefund'],
  },
  shopper: {
    'api::account.account': ['logout', 'me', 'updateMe', 'bindPhone', 'changePassword', 'statistics'],
    'api::address.address': ['find', 'create', 'findOne', 'update', 'delete', 'setDefault'],
    'api::cart.cart': ['find', 'addItem', 'updateItem', 'removeItem', 'clear'],
    'api::order.order': [
      'create',
      'checkout',
      'preview',
      'find',
      'findOne',
      'history',
      'cancel',
      'confirmReceipt',
    ],
    'api::haier-order.haier-order': ['logistics', 'deliveryImages', 'reschedule'],
    'api::payment.refund': ['find', 'findOne', 'request'],
    'api::payment.payment': ['create', 'findOne', 'sync'],
    'api::notification.notification': ['find', 'markRead'],
    'api::task.task': ['findOne'],
  },
  staff: {
    'api::account.account': ['find', 'create', 'findOne', 'update', 'delete'],
    'api::order.order': ['ship'],
    'api::payment.refund': ['approve', 'reject', 'retry', 'sync'],
    'api::inventory.inventory': ['findOne', 'logs', 'adjust'],
  },
};

const actionsOf = (table: Record<string, readonly string[]>): string[] =>
  Object.entries(table).flatMap(([controller, names]) => names.map((name) => `${controller}.${name}`));

const PUBLIC_ACTIONS = actionsOf(ADDED_GRANTS.public);
const SHOPPER_ACTIONS = [...PUBLIC_ACTIONS, ...actionsOf(ADDED_GRANTS.shopper)];
const STAFF_ACTIONS = [...SHOPPER_ACTIONS, ...actionsOf(ADDED_GRANTS.staff)];

/**
 * Role → actions: public ⊂ shopper ⊂ staff. Requests are checked against this table in memory; the permission rows in
 * the database are written from it at start so that the admin panel shows the truth, and changing them there changes
 * nothing.
 */
export const GRANTS: Readonly<Record<RoleType, ReadonlySet<string>>> = {
  public: new Set(PUBLIC_ACTIONS),
  shopper: new Set(SHOPPER_ACTIONS),
  staff: new Set(STAFF_ACTIONS),
};

export const isGranted = (role: RoleType, action: string): boolean => GRANTS[role].has(action);

/** Names for the admin panel. */
export const ROLE_FACES: Record<RoleType, { name: string; description: string }> = {
  public: { name: '访客 Public', description: '未登录的访客。Anyone who is not signed in.' },
  shopper: {
    name: '购物者 Shopper',
    description: '小程序用户，新用户的默认角色。Every new user of the mini-program.',
  },
  staff: {
    name: '店员 Staff',
    description: '处理订单、退款与库存的店员。Works the orders, refunds and stock.',
  },
};
