import { toDigits } from '../beijing-time';
import { piecesLeft, takePieces } from '../haier/warehouses';
import { present } from '../state';
import { refused } from '../supplier/refusal';
import type { World } from '../world';
import type { Caller } from './caller';
import { deliver, photograph, ship } from './deliveries';
import {
  callbackData,
  cancelVerdict,
  confirmed,
  outOfStock,
  refusedByHaier,
  type Happening,
} from './happenings';
import type { OrderRequest } from './order-rules';
import { nextStep, paceOf } from './pace';
import type { CallbackAttempt, OrderScript, Pace, Step, YlhCallback, YlhOrder } from './state';

/** How the call-back of a step is made. */
export interface StepOptions {
  /** Made but not sent, until it is sent again by its id. */
  hold?: boolean;
  /** FailMsg. */
  message?: string;
  itemList?: 'list' | 'json';
}

export interface Told {
  callback: YlhCallback;
  first?: Promise<CallbackAttempt>;
}

/** YLH's orders: takes them, and lets happen to them what staff or the clock say. */
export class OrderDesk {
  constructor(
    private readonly world: World,
    private readonly caller: Caller,
  ) {}

  get pace(): Pace {
    return paceOf(this.world.usual.orderLife, this.world.state.ylh.pace);
  }

  /** The order by its so id, YLH's number or the shop's. Throws Error when there is none. */
  find(ref: string): YlhOrder {
    const { orders } = this.world.state.ylh;
    const order =
      (Object.hasOwn(orders, ref) ? orders[ref] : undefined) ??
      present(orders).find(({ retailOrderNo, request }) => retailOrderNo === ref || request.onlineNo === ref);
    if (!order) throw new Error(`YLH has no order ${ref}`);
    return order;
  }

  /** Takes an order; `early` resolves when a call-back that comes before the answer has been made. */
  take(request: OrderRequest): { order: YlhOrder; early?: Promise<unknown> } {
    const { ylh, haier } = this.world.state;
    const known = Object.hasOwn(ylh.orders, request.soId) ? ylh.orders[request.soId] : undefined;
    if (known) throw this.duplicate(known);
    const now = this.world.now();
    const [bought] = request.itemList.filter(({ isGift }) => isGift !== true);
    const isThere = piecesLeft(haier, bought?.productCode ?? '', request.province) > 0;
    ylh.lastNumber += 1;
    const order: YlhOrder = {
      request,
      soId: request.soId,
      retailOrderNo: `SO.${toDigits(now).slice(0, 8)}.${String(ylh.lastNumber).padStart(6, '0')}`,
      stage: 'created',
      createdAt: now,
      repeats: 0,
      ...(request.distributionTime !== undefined && { distributionTime: request.distributionTime }),
      ...(request.installTime !== undefined && { installTime: request.installTime }),
      photos: [],
    };
    ylh.orders[order.soId] = order;
    this.movePieces(order, 1);
    const early = this.begin(order, isThere);
    this.world.changed();
    return early ? { order, early } : { order };
  }

  /** Notes that the shop wants to cancel; the verdict comes later. */
  askCancel(order: YlhOrder, reason: string): void {
    if (order.stage === 'cancelled') throw refused('ALREADY_CANCELLED', '订单已取消');
    if (order.cancel && order.cancel.verdict === undefined) return;
    order.cancel = { askedAt: this.world.now(), reason };
    this.planNext(order);
  }

  /** Lets something happen to an order and tells the shop. Throws Error when it cannot happen to it now. */
  apply(order: YlhOrder, happening: Happening, options: StepOptions = {}): Told {
    happening.check(order);
    happening.change(order, this.world.now());
    if (happening.givesBack) this.movePieces(order, -1);
    this.planNext(order);
    const itemList = options.itemList ?? this.world.state.ylh.habits.itemList;
    const { stateType } = this.world.state.ylh.habits;
    const said = { ...happening, message: options.message ?? happening.message };
    const data = callbackData(order, said, { itemList, stateType });
    return this.caller.announce(happening.event, data, options.hold === true ? 'hold' : 'send');
  }

  /** Changes an order in a way the shop is not told of. */
  change(order: YlhOrder, edit: (order: YlhOrder, now: number) => void): void {
    edit(order, this.world.now());
    this.planNext(order);
  }

  /** Plans every order anew, by the pace in force. */
  planAll(): void {
    for (const order of present(this.world.state.ylh.orders)) this.planNext(order);
  }

  /** Takes up the plans of a snapshot. */
  resume(): void {
    for (const order of present(this.world.state.ylh.orders)) this.awaitPlan(order);
  }

  private duplicate(known: YlhOrder): Error {
    known.repeats += 1;
    this.world.changed();
    const { code, message, carriesOrder } = this.world.state.ylh.habits.duplicate;
    const { soId, retailOrderNo } = known;
    const filled = message.replace('{soId}', soId).replace('{retailOrderNo}', retailOrderNo);
    return refused(code, filled, carriesOrder ? { retailOrderNo, soId } : null);
  }

  private begin(order: YlhOrder, isThere: boolean): Promise<unknown> | undefined {
    const script = this.takeScript(order.soId);
    if (!script) {
      if (!isThere && this.pace.mode === 'automatic') this.plan(order, 'out-of-stock', this.pace.confirmMs);
      else this.planNext(order);
      return undefined;
    }
    if (script.outcome === 'nothing') return undefined;
    if (script.early) {
      return this.perform(order, script.outcome, script.message)?.first;
    }
    this.plan(order, script.outcome, script.delayMs, script.message);
    return undefined;
  }

  /** What falls due; the call-back if the shop is told. */
  private perform(order: YlhOrder, step: Step, message?: string): Told | undefined {
    const options = message === undefined ? {} : { message };
    switch (step) {
      case 'confirm':
        return this.apply(order, confirmed, options);
      case 'refuse':
        return this.apply(order, refusedByHaier, options);
      case 'out-of-stock':
        return this.apply(order, outOfStock, options);
      case 'cancel':
        return this.apply(order, cancelVerdict(order.stage === 'shipped' ? 'failed' : 'done'), options);
      case 'ship':
        this.change(order, ship);
        return undefined;
      case 'deliver':
        this.change(order, deliver);
        return undefined;
      case 'photograph':
        this.change(order, photograph);
        return undefined;
    }
  }

  private takeScript(soId: string): OrderScript | undefined {
    const { scripts } = this.world.state.ylh;
    const script =
      scripts.find((candidate) => candidate.soId === soId) ??
      scripts.find((candidate) => candidate.soId === undefined);
    if (!script) return undefined;
    script.times -= 1;
    if (script.times === 0) scripts.splice(scripts.indexOf(script), 1);
    return script;
  }

  private planNext(order: YlhOrder): void {
    const next = nextStep(order, this.pace);
    if (next) {
      this.plan(order, next.step, next.afterMs);
      return;
    }
    delete order.plan;
    this.world.clock.cancel(appointment(order));
    this.world.changed();
  }

  private plan(order: YlhOrder, step: Step, afterMs: number, message?: string): void {
    order.plan = { step, dueAt: this.world.now() + afterMs, ...(message !== undefined && { message }) };
    this.awaitPlan(order);
    this.world.changed();
  }

  private awaitPlan(order: YlhOrder): void {
    const { plan } = order;
    if (!plan) return;
    this.world.clock.schedule(appointment(order), plan.dueAt, async () => {
      delete order.plan;
      await this.perform(order, plan.step, plan.message)?.first;
    });
  }

  private movePieces(order: YlhOrder, pieces: number): void {
    const { itemList, province } = order.request;
    for (const { productCode } of itemList) takePieces(this.world.state.haier, productCode, province, pieces);
  }
}

function appointment(order: YlhOrder): string {
  return `ylh-order:${order.soId}`;
}
