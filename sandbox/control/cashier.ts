import { present, type Transaction } from '../state';
import type { World } from '../world';
import { findTransaction, platformNumber, tradeState } from '../pay/ledger';
import type { Notifier } from '../pay/notifier';
import { isSignedBy, paymentMessage } from '../pay/seal';
import { transactionView } from '../pay/transactions';
import type { PayByNumberInput, PayInput } from './inputs';

const PREPAY_LIFETIME_MS = 2 * 3_600_000;
const PARAMETERS = ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign'] as const;

type Parameters = Record<(typeof PARAMETERS)[number], string>;

/** What the mini-program sees (`errMsg`), and when money moved, what came of it. */
export interface PayResult {
  errMsg: string;
  paid: boolean;
  outTradeNo?: string;
  transactionId?: string;
  notificationId?: string;
}

class PaymentFailure extends Error {}

function readParameters(given: PayInput['payParams']): Parameters {
  for (const name of PARAMETERS) {
    if (typeof given[name] !== 'string' || given[name] === '') {
      throw new PaymentFailure(`parameter error: parameter.${name} should be a non-empty String`);
    }
  }
  // Each of the five was just seen to be a string.
  const parameters = given as Parameters;
  if (parameters.signType !== 'RSA') throw new PaymentFailure('parameter error: signType must be RSA');
  if (!/^\d{10}$/.test(parameters.timeStamp))
    throw new PaymentFailure('parameter error: timeStamp in seconds');
  if (parameters.nonceStr.length > 32) throw new PaymentFailure('parameter error: nonceStr is too long');
  return parameters;
}

/** Plays the shopper's phone: checks what wx.requestPayment checks, and pays. */
export class Cashier {
  constructor(
    private readonly world: World,
    private readonly notifier: Notifier,
  ) {}

  /** wx.requestPayment with the shop's parameters. Never throws for a refusal: the answer's `errMsg` tells, as in the app. */
  pay(input: PayInput): PayResult {
    try {
      const transaction = this.checkedTransaction(readParameters(input.payParams), input.openid);
      if (input.result === 'cancel') return { errMsg: 'requestPayment:fail cancel', paid: false };
      if (input.result === 'fail') return { errMsg: 'requestPayment:fail 银行卡余额不足', paid: false };
      return this.complete(transaction, input.notify ?? 'send');
    } catch (error) {
      if (error instanceof PaymentFailure)
        return { errMsg: `requestPayment:fail ${error.message}`, paid: false };
      throw error;
    }
  }

  /** Pays an order without the shop's parameters. Throws Error when it is unknown or cannot be paid. */
  payByNumber({ outTradeNo, notify }: PayByNumberInput): PayResult {
    const transaction = findTransaction(this.world.state, outTradeNo);
    if (!transaction) throw new Error(`no order ${outTradeNo}`);
    this.checkPayable(transaction);
    return this.complete(transaction, notify ?? 'send');
  }

  private checkedTransaction(parameters: Parameters, openid: string): Transaction {
    const { timeStamp, nonceStr, package: pack, paySign } = parameters;
    const message = paymentMessage(this.world.identity.appId, timeStamp, nonceStr, pack);
    if (!isSignedBy(this.world.identity.merchantPublicKey, message, paySign)) {
      throw new PaymentFailure('支付验证签名失败');
    }
    const prepayId = /^prepay_id=(.+)$/.exec(pack)?.[1];
    const transaction = present(this.world.state.transactions).find((known) =>
      known.prepays.some((prepay) => prepay.id === prepayId),
    );
    const prepay = transaction?.prepays.find((candidate) => candidate.id === prepayId);
    if (!transaction || !prepay) throw new PaymentFailure('缺少参数 prepay_id');
    if (this.world.now() - prepay.createdAt >= PREPAY_LIFETIME_MS)
      throw new PaymentFailure('prepay_id已过期');
    if (openid !== transaction.openid) throw new PaymentFailure('支付者与下单者不一致');
    this.checkPayable(transaction);
    return transaction;
  }

  private checkPayable(transaction: Transaction): void {
    const state = tradeState(this.world.state, transaction, this.world.now());
    if (state === 'SUCCESS' || state === 'REFUND') throw new PaymentFailure('该订单已支付');
    if (state === 'CLOSED') throw new PaymentFailure('该订单已关闭');
    if (this.world.now() >= transaction.expiresAt) throw new PaymentFailure('订单已超过支付时间');
  }

  private complete(transaction: Transaction, mode: 'send' | 'hold'): PayResult {
    transaction.paidAt = this.world.now();
    transaction.transactionId = platformNumber('4200', transaction.paidAt);
    this.world.changed();
    const notification = this.notifier.announce(
      {
        eventType: 'TRANSACTION.SUCCESS',
        outTradeNo: transaction.outTradeNo,
        url: transaction.notifyUrl,
        resource: transactionView(this.world, transaction),
      },
      mode,
    );
    return {
      errMsg: 'requestPayment:ok',
      paid: true,
      outTradeNo: transaction.outTradeNo,
      transactionId: transaction.transactionId,
      notificationId: notification.id,
    };
  }
}
