import type { View } from './view';

/** Days of WeChat's bills and what was found in them: seen, not written. */
export const RECONCILIATION_VIEWS: Readonly<Record<string, View>> = {
  'api::reconciliation.reconciliation-run': {
    mainField: 'billDate',
    sortBy: 'billDate',
    order: 'DESC',
    pageSize: 20,
    list: [
      'billDate',
      'status',
      'openCount',
      'differenceCount',
      'paymentCount',
      'paymentAmount',
      'refundCount',
      'refundAmount',
      'finishedAt',
    ],
    edit: [
      [
        ['billDate', 4],
        ['status', 4],
        ['openCount', 4],
      ],
      [
        ['paymentCount', 3],
        ['paymentAmount', 3],
        ['refundCount', 3],
        ['refundAmount', 3],
      ],
      [
        ['differenceCount', 4],
        ['startedAt', 4],
        ['finishedAt', 4],
      ],
      [
        ['requestedBy', 6],
        ['attempt', 6],
      ],
      [['billHash', 12]],
      [['error', 12]],
    ],
  },
  'api::reconciliation.reconciliation-difference': {
    mainField: 'subject',
    sortBy: 'createdAt',
    order: 'DESC',
    pageSize: 20,
    list: [
      'billDate',
      'kind',
      'subject',
      'status',
      'ourStatus',
      'theirStatus',
      'ourAmount',
      'theirAmount',
      'resolvedBy',
    ],
    edit: [
      [
        ['billDate', 4],
        ['kind', 4],
        ['status', 4],
      ],
      [
        ['outTradeNo', 6],
        ['outRefundNo', 6],
      ],
      [
        ['ourStatus', 3],
        ['theirStatus', 3],
        ['ourAmount', 3],
        ['theirAmount', 3],
      ],
      [
        ['transactionId', 6],
        ['run', 6],
      ],
      [
        ['payment', 6],
        ['refund', 6],
      ],
      [
        ['resolvedBy', 6],
        ['resolvedAt', 6],
      ],
      [['note', 12]],
    ],
    relations: { run: 'billDate', payment: 'paymentNumber', refund: 'refundNumber' },
  },
};
