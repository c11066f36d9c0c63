import type { LoopbackHost } from '../listener';
import type { CallRate } from '../supplier/call-rate';
import type { TokenDesk, TokenView } from '../supplier/tokens';
import type { World } from '../world';
import type { CallbackVariant } from './callback-variants';
import type { Caller } from './caller';
import { deliver, photograph, ship } from './deliveries';
import {
  cancelledByHaier,
  cancelVerdict,
  confirmed,
  outOfStock,
  refusedByHaier,
  rejectedAtTheDoor,
  type Happening,
} from './happenings';
import type { AnnounceInput, OrderScriptInput, PaceInput, ShipInput, YlhHabitsInput } from './inputs';
import type { OrderDesk, StepOptions } from './order-desk';
import type { Pace, YlhHabits } from './state';
import {
  callbackAttemptView,
  callbackView,
  orderView,
  orderViews,
  type CallbackAttemptView,
  type CallbackView,
  type YlhOrderView,
} from './views';

/**
 * What a test or the page can do to YLH. `ref` is a so id, YLH's number, or the shop's order number. A step throws Error when it
 * cannot happen to the order now; `callbacks.announce` says anything at any time.
 */
export interface YlhControl {
  /** Oldest first. */
  orders(): YlhOrderView[];
  order(ref: string): YlhOrderView;
  confirm(ref: string, options?: StepOptions): CallbackView;
  refuse(ref: string, options?: StepOptions): CallbackView;
  outOfStock(ref: string, options?: StepOptions): CallbackView;
  /** Haier cancels by itself. */
  cancel(ref: string, options?: StepOptions): CallbackView;
  /** Not taken at the door. */
  reject(ref: string, options?: StepOptions): CallbackView;
  /** The answer to a cancel the shop has asked for. */
  decideCancel(ref: string, verdict: 'done' | 'failed' | 'partly', options?: StepOptions): CallbackView;
  /** These three tell the shop nothing: it asks. */
  ship(ref: string, parcel?: Omit<ShipInput, 'ref'>): YlhOrderView;
  deliver(ref: string): YlhOrderView;
  photograph(ref: string): YlhOrderView;
  /** What becomes of the next order, or of the one with that so id. */
  script(script: OrderScriptInput): void;
  /** Whether orders live by themselves, and how fast; nothing given: as it is. A mode applies to every order at once. */
  pace(changes?: PaceInput): Pace;
  callbacks: {
    list(): CallbackView[];
    /** Sets where YLH calls back; without an argument the address from the start again. */
    url(address?: string): void;
    /** An honest copy now, off the timetable. Rejects when the id is unknown, like the next two. */
    resend(id: string): Promise<CallbackAttemptView>;
    /** `count` honest copies at the same moment. */
    copies(id: string, count: number): Promise<CallbackAttemptView[]>;
    send(id: string, variant: CallbackVariant): Promise<CallbackAttemptView>;
    /** A signed call-back with this content, without anything happening to an order. */
    announce(input: AnnounceInput): CallbackView;
  };
  /** Changes in which form answers and call-backs come; nothing given: as they are. */
  habits(changes?: YlhHabitsInput): YlhHabits;
  tokens: {
    list(): TokenView[];
    /** Ends every token now, in the middle of its life. */
    end(): void;
  };
  /** Most calls seen within a second since the start or the last reset. */
  peakCallsPerSecond(): number;
  /** Connections are refused until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
}

type Told = 'confirm' | 'refuse' | 'outOfStock' | 'cancel' | 'reject' | 'decideCancel';

function toldSteps(desk: OrderDesk): Pick<YlhControl, Told> {
  const step =
    (happening: Happening) =>
    (ref: string, options?: StepOptions): CallbackView =>
      callbackView(desk.apply(desk.find(ref), happening, options).callback);
  return {
    confirm: step(confirmed),
    refuse: step(refusedByHaier),
    outOfStock: step(outOfStock),
    cancel: step(cancelledByHaier),
    reject: step(rejectedAtTheDoor),
    decideCancel: (ref, verdict, options) => step(cancelVerdict(verdict))(ref, options),
  };
}

function silentSteps(desk: OrderDesk): Pick<YlhControl, 'ship' | 'deliver' | 'photograph'> {
  const edit = (ref: string, change: Parameters<OrderDesk['change']>[1]): YlhOrderView => {
    const order = desk.find(ref);
    desk.change(order, change);
    return orderView(order);
  };
  return {
    ship: (ref, parcel) => edit(ref, (order, now) => ship(order, now, parcel)),
    deliver: (ref) => edit(ref, deliver),
    photograph: (ref) => edit(ref, photograph),
  };
}

function callbackControl(world: World, caller: Caller): YlhControl['callbacks'] {
  return {
    list: () => world.state.ylh.callbacks.map(callbackView),
    url(address) {
      if (address === undefined) delete world.state.ylh.callbackUrl;
      else world.state.ylh.callbackUrl = address;
      world.changed();
    },
    resend: async (id) => callbackAttemptView(await caller.resend(id)),
    copies: async (id, count) => (await caller.copies(id, count)).map(callbackAttemptView),
    send: async (id, variant) => callbackAttemptView(await caller.sendVariant(id, variant)),
    announce: ({ event, data, hold }) =>
      callbackView(caller.announce(event, data, hold === true ? 'hold' : 'send').callback),
  };
}

function ruleControl(world: World, desk: OrderDesk): Pick<YlhControl, 'script' | 'pace' | 'habits'> {
  return {
    script({ early = false, delayMs = 0, times = 1, ...script }) {
      world.state.ylh.scripts.push({ ...script, early, delayMs, times });
      world.changed();
    },
    pace(changes = {}) {
      Object.assign(world.state.ylh.pace, changes);
      if (changes.mode !== undefined) desk.planAll();
      world.changed();
      return desk.pace;
    },
    habits({ token, duplicate, ...changes } = {}) {
      const { ylh } = world.state;
      ylh.habits = {
        ...ylh.habits,
        ...changes,
        token: { ...ylh.habits.token, ...token },
        duplicate: { ...ylh.habits.duplicate, ...duplicate },
      };
      world.changed();
      return structuredClone(ylh.habits);
    },
  };
}

/** Binds the operations on YLH to a running sandbox. */
export function createYlhControl(
  world: World,
  parts: { desk: OrderDesk; caller: Caller; tokens: TokenDesk; rate: CallRate; host: LoopbackHost },
): YlhControl {
  const { desk, caller, tokens, rate, host } = parts;
  return {
    orders: () => orderViews(world),
    order: (ref) => orderView(desk.find(ref)),
    ...toldSteps(desk),
    ...silentSteps(desk),
    ...ruleControl(world, desk),
    callbacks: callbackControl(world, caller),
    tokens: { list: () => tokens.list(), end: () => tokens.end() },
    peakCallsPerSecond: () => rate.peak,
    down: () => host.down(),
    up: () => host.up(),
  };
}
