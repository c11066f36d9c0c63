import type { View } from './view';

/** Orders, money and what shoppers gave the shop: seen, not written. */
export const TRADE_VIEWS: Readonly<Record<string, View>> = {
  'api::order.order': {
    mainField: 'orderNumber',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: [
      'orderNumber',
      'status',
      'productName',
      'quantity',
      'actualAmount',
      'snapshotContactName',
      'createdAt',
    ],
    edit: [
      [
        ['orderNumber', 5],
        ['checkoutNumber', 5],
        ['status', 2],
      ],
      [
        ['productName', 8],
        ['quantity', 4],
      ],
      [
        ['product', 6],
        ['user', 6],
      ],
      [
        ['unitPrice', 4],
        ['discountAmount', 4],
        ['actualAmount', 4],
      ],
      [
        ['totalAmount', 4],
        ['discountName', 8],
      ],
      [
        ['snapshotContactName', 6],
        ['snapshotPhone', 6],
      ],
      [
        ['snapshotProvince', 3],
        ['snapshotCity', 3],
        ['snapshotDistrict', 3],
        ['snapshotTown', 3],
      ],
      [['snapshotAddress', 12]],
      [['note', 12]],
      [
        ['shippingCompany', 6],
        ['trackingNumber', 6],
      ],
      [
        ['shippingUploadedAt', 6],
        ['shippingUploadNote', 6],
      ],
      [
        ['expiresAt', 6],
        ['paidAt', 6],
      ],
      [
        ['shippedAt', 6],
        ['completedAt', 6],
      ],
      [
        ['cancelledAt', 6],
        ['cancelReason', 6],
      ],
      [
        ['productSource', 4],
        ['productCode', 4],
        ['snapshotDistrictCode', 4],
      ],
      [
        ['haierStatus', 4],
        ['haierOrderNo', 4],
        ['haierSoId', 4],
      ],
      [['haierFailMessage', 12]],
      [
        ['distributionTime', 6],
        ['installTime', 6],
      ],
      [
        ['isDeliveryInstall', 6],
        ['isGovernmentOrder', 6],
      ],
    ],
    relations: { product: 'name', user: 'username' },
  },
  'api::order.order-history': {
    mainField: 'event',
    sortBy: 'id',
    order: 'DESC',
    pageSize: 50,
    list: ['order', 'event', 'from', 'to', 'actorType', 'actorName', 'reason', 'createdAt'],
    edit: [
      [
        ['order', 6],
        ['event', 6],
      ],
      [
        ['from', 6],
        ['to', 6],
      ],
      [
        ['actorType', 4],
        ['actorName', 4],
        ['actorId', 4],
      ],
      [['reason', 12]],
    ],
    relations: { order: 'orderNumber' },
  },
  'api::payment.payment': {
    mainField: 'paymentNumber',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: [
      'paymentNumber',
      'status',
      'amount',
      'method',
      'checkoutNumber',
      'transactionId',
      'paidAt',
      'createdAt',
    ],
    edit: [
      [
        ['paymentNumber', 6],
        ['checkoutNumber', 6],
      ],
      [
        ['status', 3],
        ['amount', 3],
        ['receivedAmount', 3],
        ['method', 3],
      ],
      [
        ['transactionId', 6],
        ['user', 6],
      ],
      [
        ['expiresAt', 6],
        ['paidAt', 6],
      ],
      [['logs', 12]],
    ],
    relations: { user: 'username' },
  },
  'api::payment.refund': {
    mainField: 'refundNumber',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: ['refundNumber', 'status', 'order', 'amount', 'kind', 'reason', 'requestedBy', 'createdAt'],
    edit: [
      [
        ['refundNumber', 6],
        ['kind', 6],
      ],
      [
        ['order', 6],
        ['payment', 6],
      ],
      [
        ['status', 4],
        ['amount', 4],
        ['isGoodsReturned', 4],
      ],
      [['reason', 12]],
      [
        ['requestedBy', 6],
        ['user', 6],
      ],
      [
        ['decidedBy', 6],
        ['decidedAt', 6],
      ],
      [['decisionReason', 12]],
      [
        ['submittedAt', 4],
        ['wechatRefundId', 4],
        ['succeededAt', 4],
      ],
      [['retryOf', 6]],
      [['logs', 12]],
    ],
    relations: {
      order: 'orderNumber',
      payment: 'paymentNumber',
      user: 'username',
      retryOf: 'refundNumber',
    },
  },
  'api::address.address': {
    mainField: 'contactName',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: ['contactName', 'province', 'city', 'district', 'town', 'isDefault', 'user'],
    edit: [
      [['contactName', 12]],
      [
        ['province', 3],
        ['city', 3],
        ['district', 3],
        ['town', 3],
      ],
      [
        ['districtCode', 4],
        ['isDefault', 4],
        ['user', 4],
      ],
    ],
    relations: { user: 'username' },
  },
  'plugin::users-permissions.user': {
    mainField: 'username',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: ['username', 'email', 'userType', 'isStaff', 'blocked', 'lastLoginAt', 'createdAt'],
    edit: [
      [
        ['username', 6],
        ['email', 6],
      ],
      [
        ['userType', 4],
        ['isStaff', 4],
        ['blocked', 4],
      ],
      [
        ['role', 4],
        ['lastLoginAt', 4],
        ['avatarUrl', 4],
      ],
    ],
    relations: { role: 'name' },
  },
};
