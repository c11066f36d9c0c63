import type { CallbackEvent, Stage, YlhOrder } from './state';

/** Something that happens to an order and that the shop is told of. */
export interface Happening {
  event: CallbackEvent;
  /** 1 done, 0 failed, 2 partly (contract, section 3). */
  state: 0 | 1 | 2;
  message?: string;
  /** Current totals of each product, on newer cancels. */
  quantities?: { receiveQty: number; returnQty: number; rejectQty: number };
  /** The piece goes back to the warehouse. */
  givesBack?: boolean;
  /** Throws Error when it cannot happen to this order now. */
  check(order: YlhOrder): void;
  change(order: YlhOrder, now: number): void;
}

const LIVE: Stage[] = ['created', 'confirmed', 'shipped'];

function at(...stages: Stage[]): (order: YlhOrder) => void {
  return ({ soId, stage }) => {
    if (!stages.includes(stage)) {
      throw new Error(`order ${soId} is ${stage}: this happens only to one that is ${stages.join(' or ')}`);
    }
  };
}

const to =
  (stage: Stage) =>
  (order: YlhOrder): void => {
    order.stage = stage;
  };

const RETURNED = { receiveQty: 0, returnQty: 1, rejectQty: 0 };
const REJECTED = { receiveQty: 0, returnQty: 0, rejectQty: 1 };

export const confirmed: Happening = {
  event: 'confirm',
  state: 1,
  check: at('created'),
  change: to('confirmed'),
};

export const refusedByHaier: Happening = {
  event: 'confirm',
  state: 0,
  message: '订单信息有误，无法确认',
  givesBack: true,
  check: at('created'),
  change: to('refused'),
};

export const outOfStock: Happening = {
  event: 'oostock',
  state: 1,
  message: '商品缺货',
  givesBack: true,
  check: at('created', 'confirmed'),
  change: to('out_of_stock'),
};

/** Haier cancels without having been asked. */
export const cancelledByHaier: Happening = {
  event: 'cancel',
  state: 1,
  message: '海尔取消订单',
  quantities: RETURNED,
  givesBack: true,
  check: at(...LIVE),
  change: to('cancelled'),
};

/** The shopper does not take it at the door. */
export const rejectedAtTheDoor: Happening = {
  event: 'cancel',
  state: 2,
  message: '用户拒收',
  quantities: REJECTED,
  givesBack: true,
  check: at('shipped'),
  change: to('rejected'),
};

function checkAsked(order: YlhOrder): void {
  if (!order.cancel || order.cancel.verdict !== undefined) {
    throw new Error(`nobody has asked to cancel order ${order.soId}, or the verdict is out`);
  }
}

/** The answer to a cancel the shop has asked for. */
export function cancelVerdict(verdict: 'done' | 'failed' | 'partly'): Happening {
  const isFailed = verdict === 'failed';
  return {
    event: 'cancel',
    state: verdict === 'done' ? 1 : isFailed ? 0 : 2,
    ...(isFailed ? { message: '商品已出库，无法取消' } : { quantities: RETURNED }),
    givesBack: !isFailed,
    check: checkAsked,
    change(order) {
      if (order.cancel) order.cancel.verdict = verdict;
      if (!isFailed) order.stage = 'cancelled';
    },
  };
}

/** What `Data` says of a happening: Haier's number only where something went well (contract, section 3). */
export function callbackData(
  order: YlhOrder,
  { state, message, quantities }: Pick<Happening, 'state' | 'message' | 'quantities'>,
  form: { itemList: 'list' | 'json'; stateType: 'number' | 'string' },
): Record<string, unknown> {
  const { request, retailOrderNo } = order;
  const items = request.itemList.map(({ productCode }) => ({ productCode, ...quantities }));
  return {
    ExtOrderNo: state === 0 ? '' : retailOrderNo,
    PlatformOrderNo: request.onlineNo,
    State: form.stateType === 'string' ? String(state) : state,
    ...(message !== undefined && { FailMsg: message }),
    ...(quantities && {
      totalQty: request.totalQty,
      itemList: form.itemList === 'json' ? JSON.stringify(items) : items,
    }),
  };
}
