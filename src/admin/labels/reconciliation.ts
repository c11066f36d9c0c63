import { field, type FieldLabels, type Label } from './label';

export const RECONCILIATION_RUN: FieldLabels = {
  billDate: field('账单日期', 'Day of the bill'),
  status: field('对账状态', 'Status'),
  openCount: field('待处理差异', 'Open differences'),
  differenceCount: field('发现差异', 'Differences found'),
  paymentCount: field('支付笔数', 'Payments'),
  paymentAmount: field('支付金额（元）', 'Payments (yuan)'),
  refundCount: field('退款笔数', 'Refunds'),
  refundAmount: field('退款金额（元）', 'Refunds (yuan)'),
  billHash: field(
    '账单哈希（SHA-1）',
    'Hash of the bill (SHA-1)',
    '当天没有交易时没有账单',
    'A day without trade has no bill',
  ),
  attempt: field('核对次数', 'Attempts'),
  leaseUntil: field('占用至', 'Held until'),
  startedAt: field('开始时间', 'Started'),
  finishedAt: field('完成时间', 'Finished'),
  requestedBy: field('发起人', 'Asked for by'),
  error: field('错误', 'Error'),
};

export const RECONCILIATION_DIFFERENCE: FieldLabels = {
  run: field('对账日', 'Day'),
  billDate: field('账单日期', 'Day of the bill'),
  kind: field('差异类型', 'Kind'),
  subject: field('单号', 'Number'),
  status: field('处理状态', 'Status'),
  outTradeNo: field('支付单号', 'Payment number'),
  outRefundNo: field('退款单号', 'Refund number'),
  transactionId: field('微信支付订单号', 'WeChat transaction'),
  ourStatus: field('系统状态', 'Status here', '空表示系统中没有', 'Empty: not in the books'),
  theirStatus: field('账单状态', 'Status in the bill', '空表示账单中没有', 'Empty: not in the bill'),
  ourAmount: field('系统金额（元）', 'Amount here (yuan)'),
  theirAmount: field('账单金额（元）', 'Amount in the bill (yuan)'),
  payment: field('支付单', 'Payment'),
  refund: field('退款单', 'Refund'),
  foundAttempt: field('发现于第几次核对', 'Found in attempt'),
  resolvedAt: field('处理时间', 'Dealt with'),
  resolvedBy: field('处理人', 'Dealt with by'),
  note: field('处理说明', 'Note'),
};

export const RECONCILIATION_VALUES: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Label>>>>>
> = {
  'api::reconciliation.reconciliation-run': {
    status: {
      waiting: ['等待账单', 'Waiting for the bill'],
      running: ['核对中', 'Running'],
      completed: ['已核对', 'Compared'],
      failed: ['无法核对', 'Failed'],
    },
  },
  'api::reconciliation.reconciliation-difference': {
    kind: {
      payment_missing_here: ['账单有支付，系统没有', 'Payment unknown here'],
      payment_missing_there: ['系统有支付，账单没有', 'Payment not in the bill'],
      payment_amount: ['支付金额不符', 'Payment, another amount'],
      payment_state: ['支付状态不符', 'Payment, another state'],
      payment_double: ['重复支付', 'Paid twice'],
      refund_missing_here: ['账单有退款，系统没有', 'Refund unknown here'],
      refund_missing_there: ['系统有退款，账单没有', 'Refund not in the bill'],
      refund_amount: ['退款金额不符', 'Refund, another amount'],
      refund_state: ['退款状态不符', 'Refund, another state'],
    },
    status: {
      open: ['待处理', 'Open'],
      resolved: ['已一致', 'Resolved'],
      ignored: ['已人工处理', 'Handled by hand'],
    },
  },
};

const ADVICE: Readonly<Record<string, Label>> = {
  payment_missing_here: [
    '微信收到了这笔款，但系统中没有这个支付单号（可能由其他系统或商户平台发起）。请在微信商户平台核实，需要时退款，然后标记为已处理。',
    'WeChat received this money, but the books have no payment of this number (another system may have made it). Look in the merchant console, refund it there if need be, then mark it as handled.',
  ],
  payment_missing_there: [
    '系统认为已收款，但账单中没有。可向微信支付查询确认；若微信也没有这笔款，请勿发货，核实后标记为已处理。',
    'The books say this was received, the bill does not. Ask WeChat; if it does not know the money either, do not ship, look into it and mark it as handled.',
  ],
  payment_amount: [
    '账单与系统的金额不同。可向微信支付查询：尚未入账的款项会按实收金额原路退回；已入账的请在商户平台核实后标记为已处理。',
    'Bill and books have different amounts. Ask WeChat: money not booked yet goes back as received; for money already booked look in the merchant console, then mark it as handled.',
  ],
  payment_state: [
    '账单与系统的支付状态不同。查询微信支付后会自动入账：订单恢复或继续，无法继续的原路退回。',
    'Bill and books differ on whether this was paid. Asking WeChat books it: the order goes on, or the money goes back.',
  ],
  payment_double: [
    '同一订单收到两笔款，或同一单号在账单中出现两次。可将多收的一笔原路退回。',
    'Two payments for one order, or one number twice in the bill. The later payment can be sent back.',
  ],
  refund_missing_here: [
    '账单中有这笔退款，但系统中没有（可能在微信商户平台直接退款）。请核实对应订单后标记为已处理。',
    'The bill has this refund, the books do not (it may have been made in the merchant console). Look at its order, then mark it as handled.',
  ],
  refund_missing_there: [
    '系统认为微信已受理这笔退款，但账单中没有。可向微信支付查询确认。',
    'The books say WeChat accepted this refund, the bill does not have it. Ask WeChat.',
  ],
  refund_amount: [
    '账单与系统的退款金额不同。请在微信商户平台核实后标记为已处理。',
    'Bill and books have different amounts. Look in the merchant console, then mark it as handled.',
  ],
  refund_state: [
    '账单与系统的退款状态不同。查询微信支付后会按其结果更新。',
    'Bill and books differ on how this refund stands. Asking WeChat takes its answer over.',
  ],
};

/** The words of the reconciliation's panels, by message id. */
export const RECONCILIATION_WORDS: Readonly<Record<string, Label>> = {
  'back-office.reconciliation.title': ['微信对账', 'Reconciliation'],
  'back-office.reconciliation.open': ['待处理差异', 'Open differences'],
  'back-office.reconciliation.none': ['还没有核对过账单', 'No bill has been compared yet'],
  'back-office.reconciliation.start': ['核对某一天的账单', 'Compare a day'],
  'back-office.reconciliation.again': ['重新核对', 'Compare again'],
  'back-office.reconciliation.confirm': ['开始核对', 'Compare'],
  'back-office.reconciliation.day': ['账单日期（如 2026-01-31）', 'Day of the bill (as 2026-01-31)'],
  'back-office.reconciliation.started': ['已安排，稍后自动核对', 'Arranged; it is compared shortly'],
  'back-office.reconciliation.open-count': [
    '{count, plural, =0 {一致} other {# 项待处理}}',
    '{count, plural, =0 {agrees} other {# open}}',
  ],
  'back-office.difference.title': ['处理差异', 'Work this difference'],
  'back-office.difference.here': ['系统', 'Here'],
  'back-office.difference.there': ['微信账单', 'Bill'],
  'back-office.difference.bill.SUCCESS': ['成功', 'succeeded'],
  'back-office.difference.bill.REFUND': ['已转入退款', 'refunded'],
  'back-office.difference.bill.REVOKED': ['已撤销', 'revoked'],
  'back-office.difference.bill.PROCESSING': ['退款中', 'on its way'],
  'back-office.difference.bill.FAIL': ['退款失败', 'failed'],
  'back-office.difference.bill.CHANGE': ['退款异常', 'abnormal'],
  'back-office.difference.nothing': ['无', 'nothing'],
  'back-office.difference.ask_payment': ['向微信查询并处理', 'Ask WeChat and settle'],
  'back-office.difference.ask_refund': ['向微信查询并更新', 'Ask WeChat and take over'],
  'back-office.difference.return_surplus': ['退回重复支付的款项', 'Send the second payment back'],
  'back-office.difference.mended': ['差异已处理', 'The difference is mended'],
  'back-office.difference.ignore': ['标记为已处理', 'Mark as handled'],
  'back-office.difference.note': ['处理说明', 'Note'],
  'back-office.difference.ignored': ['已标记', 'Marked'],
  'back-office.difference.open-payment': ['查看支付单', 'Show the payment'],
  'back-office.difference.open-refund': ['查看退款单', 'Show the refund'],
  ...Object.fromEntries(
    Object.entries(ADVICE).map(([kind, label]) => [`back-office.difference.advice.${kind}`, label]),
  ),
};
