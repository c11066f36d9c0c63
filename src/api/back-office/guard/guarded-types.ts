import type { Sentence } from '../../../domain/refusal';

/**
 * Types with one writer, and what to use instead of the form. Everything that reaches them through Strapi's document
 * service comes from outside that writer: the shop's own services write their rows by themselves.
 */
export const GUARDED_TYPES: Readonly<Record<string, Sentence>> = {
  'api::order.order': {
    zh: '订单只能通过订单页右侧的按钮处理（发货、取消、退款审核）',
    en: 'Orders are worked with the buttons at the right of the order page (ship, cancel, decide a refund), or POST /api/v1/orders/:id/ship and /cancel',
  },
  'api::order.order-history': {
    zh: '订单历史由系统自动记录，只增不改',
    en: 'The history of an order is written by the system and never changed; work the order with the buttons of the order page',
  },
  'api::payment.payment': {
    zh: '支付记录只由微信支付的结果写入；如需核对，请使用支付页右侧的“向微信查询”按钮，或 POST /api/v1/payments/:id/sync',
    en: 'Payments are written by what WeChat Pay says; to check one again use the button “Ask WeChat again” at the right of its page, or POST /api/v1/payments/:id/sync',
  },
  'api::payment.payment-allocation': {
    zh: '支付分摊随支付记录自动生成，不能手动修改',
    en: 'The shares of a payment are written together with it and cannot be edited',
  },
  'api::payment.refund': {
    zh: '退款只能通过订单页或退款页右侧的“同意退款”“拒绝退款”“换号重新退款”“向微信查询”按钮处理',
    en: 'Refunds are worked with the buttons Approve, Reject, Try again and Ask WeChat at the right of the order or refund page, or POST /api/v1/refunds/:id/approve, /reject, /retry and /sync',
  },
  'api::payment.refund-allocation': {
    zh: '退款分摊随退款记录自动生成，不能手动修改',
    en: 'The parts of a refund are written together with it and cannot be edited',
  },
  'api::reconciliation.reconciliation-run': {
    zh: '对账记录由系统写入；重新核对请使用对账页右侧的“重新核对”按钮',
    en: 'Runs of the reconciliation are written by the system; compare a day again with the button “Compare again” at the right of its page',
  },
  'api::reconciliation.reconciliation-difference': {
    zh: '对账差异只能通过差异页右侧的按钮处理',
    en: 'Differences are worked with the buttons at the right of their page',
  },
  'api::reconciliation.bill-line': {
    zh: '账单明细由系统暂存，不能手动修改',
    en: 'Lines of a bill are kept by the system for a few days and cannot be edited',
  },
  'api::inventory.inventory-item': {
    zh: '库存只能通过商品页右侧的“调整库存”按钮修改',
    en: 'Stock is changed with the button “Adjust stock” at the right of the product page, or POST /api/v1/inventory/:product/adjust',
  },
  'api::inventory.inventory-log': {
    zh: '库存流水由系统自动记录，只增不改；修改库存请使用商品页右侧的“调整库存”按钮',
    en: 'The stock ledger is written by the system and never changed; use “Adjust stock” at the right of the product page',
  },
  'api::outbox.outbox-message': {
    zh: '待办消息由系统处理；失败的消息请使用消息页右侧的“重新执行”按钮',
    en: 'Outbox messages are worked by the system; run a dead one again with the button “Replay” at the right of its page',
  },
  'api::audit.audit-finding': {
    zh: '核查结果由夜间核查写入，问题消失后自动标记；计数器可由管理员运行 npm run audit -- --repair 修复',
    en: 'Findings are written by the nightly audit and marked by it once they are gone; counters are mended with npm run audit -- --repair',
  },
  'api::callback.callback-inbox': {
    zh: '回调记录是外部通知的原始凭证，不能修改',
    en: 'Call-backs are kept as they arrived and cannot be edited; a payment is checked again with POST /api/v1/payments/:id/sync',
  },
  'api::idempotency.idempotency-key': {
    zh: '幂等键由接口自动维护，不能手动修改',
    en: 'Idempotency keys are kept by the REST routes and cannot be edited',
  },
  'api::task.task': {
    zh: '任务由接口自动维护，不能手动修改',
    en: 'Tasks are kept by the REST routes and cannot be edited',
  },
  'api::cart.cart': {
    zh: '购物车属于顾客本人，只能由顾客在小程序中修改（/api/v1/cart）',
    en: 'A cart belongs to its shopper, who changes it in the mini-program (/api/v1/cart)',
  },
  'api::cart.cart-item': {
    zh: '购物车属于顾客本人，只能由顾客在小程序中修改（/api/v1/cart/items）',
    en: 'A cart belongs to its shopper, who changes it in the mini-program (/api/v1/cart/items)',
  },
  'api::address.address': {
    zh: '收货地址属于顾客本人，只能由顾客在小程序中修改（/api/v1/addresses）；已下单的地址不受影响',
    en: 'Addresses belong to their shoppers, who change them in the mini-program (/api/v1/addresses)',
  },
  'api::notification.notification': {
    zh: '通知由系统发送，不能手动修改',
    en: 'Notifications are sent by the system; shoppers mark theirs as read with POST /api/v1/notifications/:id/read',
  },
};

/** An account that has orders must be anonymised, not removed, and only the account service knows how. */
export const USER_UID = 'plugin::users-permissions.user';
export const USER_DELETE_SENTENCE: Sentence = {
  zh: '顾客账号不能直接删除：请使用 DELETE /api/v1/users/:id（有订单的账号会被停用并匿名化），或将其设为“已停用”',
  en: 'Accounts are not deleted here: use DELETE /api/v1/users/:id, which blocks and anonymises one that has orders, or set it to blocked',
};
