import type { Label } from './label';
import { AUDIT_VALUES } from './audit';
import { RECONCILIATION_VALUES } from './reconciliation';

const ORDER_STATUS: Readonly<Record<string, Label>> = {
  pending: ['待付款', 'To be paid'],
  paid: ['待发货', 'Paid, to ship'],
  shipped: ['已发货', 'Shipped'],
  completed: ['已完成', 'Completed'],
  cancelled: ['已取消', 'Cancelled'],
  refunding: ['退款中', 'In refund'],
  refunded: ['已退款', 'Refunded'],
};

export const ORDER_EVENT: Readonly<Record<string, Label>> = {
  place: ['下单', 'Placed'],
  pay: ['支付', 'Paid'],
  cancel: ['取消', 'Cancelled'],
  expire: ['超时取消', 'Expired'],
  revive: ['恢复', 'Revived'],
  ship: ['发货', 'Shipped'],
  requestRefund: ['申请退款', 'Refund requested'],
  refundRejected: ['拒绝退款', 'Refund rejected'],
  refundFailed: ['退款失败', 'Refund failed'],
  refundSucceeded: ['退款成功', 'Refunded'],
  confirmReceipt: ['确认收货', 'Receipt confirmed'],
  autoComplete: ['自动完成', 'Completed by itself'],
  'haier:promisePush': ['安排推送海尔', 'Push to Haier promised'],
  'haier:pushed': ['已推送海尔', 'Pushed to Haier'],
  'haier:pushFailed': ['推送海尔失败', 'Push to Haier failed'],
  'haier:pushAgain': ['重新推送海尔', 'Pushed to Haier again'],
  'haier:confirmed': ['海尔确认订单', 'Confirmed by Haier'],
  'haier:refused': ['海尔拒绝订单', 'Refused by Haier'],
  'haier:outOfStock': ['海尔缺货', 'Out of stock at Haier'],
  'haier:askCancel': ['请求海尔取消', 'Haier asked to cancel'],
  'haier:cancelDone': ['海尔已取消', 'Cancelled by Haier'],
  'haier:cancelRefused': ['海尔拒绝取消', 'Cancelling refused by Haier'],
  'haier:withdraw': ['撤回推送', 'Push withdrawn'],
  'haier:handled': ['人工已处理', 'Handled'],
  'haier:rescheduled': ['已改约', 'Rescheduled'],
  'haier:askedAgain': ['再次请求海尔取消', 'Haier asked to cancel once more'],
  'haier:refundedAnyway': ['不等海尔直接退款', 'Refunded without waiting for Haier'],
  'haier:partlyRejected': ['海尔部分取消', 'Partly cancelled by Haier'],
  'haier:unclear': ['海尔回调需核对', 'Unclear call-back of Haier'],
};

export const ACTOR_TYPE: Readonly<Record<string, Label>> = {
  shopper: ['顾客', 'Shopper'],
  staff: ['员工', 'Staff'],
  system: ['系统', 'System'],
  settlement: ['支付结算', 'Settlement'],
};

const REFUND_STATUS: Readonly<Record<string, Label>> = {
  requested: ['待审核', 'To be decided'],
  approved: ['已同意', 'Approved'],
  processing: ['退款处理中', 'Processing'],
  abnormal: ['退款异常', 'Abnormal, settle at WeChat'],
  succeeded: ['已退款', 'Succeeded'],
  failed: ['退款失败', 'Failed'],
  rejected: ['已拒绝', 'Rejected'],
};

const PRODUCT_SOURCE: Readonly<Record<string, Label>> = {
  local: ['自营', 'Own goods'],
  haier: ['海尔', 'Haier'],
};

/** The values of every enumeration, by type and field. */
export const VALUES: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Label>>>>>> = {
  'api::product.product': { source: PRODUCT_SOURCE },
  'api::category.category': {
    level: { major: ['一级', 'Major'], minor: ['二级', 'Minor'], item: ['三级', 'Item'] },
  },
  'api::discount.discount': {
    kind: { amount: ['立减', 'Amount off'], percent: ['折扣', 'Percent off'] },
    appliesTo: {
      all: ['全部商品', 'All products'],
      selected: ['指定商品或分类', 'Selected products or categories'],
    },
    audience: { everyone: ['所有顾客', 'Everyone'], selected: ['指定顾客', 'Selected shoppers'] },
  },
  'api::order.order': {
    status: ORDER_STATUS,
    statusBeforeRefund: ORDER_STATUS,
    productSource: PRODUCT_SOURCE,
    haierStatus: {
      none: ['无', 'None'],
      push_pending: ['待推送', 'To be pushed'],
      push_failed: ['推送失败', 'Push failed'],
      pushed: ['已推送', 'Pushed'],
      confirmed: ['已确认', 'Confirmed'],
      confirm_refused: ['海尔拒绝', 'Refused'],
      out_of_stock: ['海尔缺货', 'Out of stock'],
      cancel_pending: ['取消中', 'Being cancelled'],
      cancelled: ['已取消', 'Cancelled'],
      cancel_refused: ['拒绝取消', 'Cancelling refused'],
    },
    haierConcern: {
      partly_rejected: ['部分拒收', 'Partly rejected'],
      unclear_callback: ['回调不明确', 'Unclear call-back'],
    },
  },
  'api::order.order-history': {
    from: ORDER_STATUS,
    to: ORDER_STATUS,
    event: ORDER_EVENT,
    actorType: ACTOR_TYPE,
  },
  'api::payment.payment': {
    method: { wechat: ['微信支付', 'WeChat Pay'] },
    status: {
      pending: ['待支付', 'Pending'],
      succeeded: ['已支付', 'Succeeded'],
      closed: ['已关闭', 'Closed'],
      failed: ['支付失败', 'Failed'],
      disputed: ['待核对', 'Disputed'],
    },
  },
  'api::payment.refund': {
    kind: { full: ['全额退款', 'Full'], partial: ['部分退款', 'Partial'], surplus: ['多付退回', 'Surplus'] },
    status: REFUND_STATUS,
  },
  'api::inventory.inventory-log': {
    changeType: {
      lock: ['锁定', 'Lock'],
      release: ['释放', 'Release'],
      deduct: ['出库', 'Deduct'],
      restock: ['退货入库', 'Restock'],
      adjust: ['人工调整', 'Adjust'],
      sync: ['同步', 'Sync'],
    },
  },
  'api::notification.notification': {
    audience: { user: ['顾客', 'Shopper'], staff: ['员工', 'Staff'] },
    type: {
      order: ['订单', 'Order'],
      payment: ['支付', 'Payment'],
      refund: ['退款', 'Refund'],
      system: ['系统', 'System'],
    },
  },
  'api::outbox.outbox-message': {
    status: {
      pending: ['等待处理', 'Pending'],
      blocked: ['排在前一条之后', 'Behind another'],
      running: ['处理中', 'Running'],
      done: ['已完成', 'Done'],
      dead: ['失败', 'Dead'],
    },
  },
  'api::callback.callback-inbox': {
    source: {
      wechat_pay: ['微信支付', 'WeChat Pay'],
      wechat_refund: ['微信退款', 'WeChat refund'],
      ylh: ['易理货', 'YLH'],
    },
  },
  ...RECONCILIATION_VALUES,
  ...AUDIT_VALUES,
  'plugin::users-permissions.user': {
    userType: { wechat: ['微信顾客', 'WeChat shopper'], admin: ['后台账号', 'Back-office account'] },
  },
};
