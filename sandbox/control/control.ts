import { randomBytes } from 'node:crypto';
import type { ActiveFault, Fault } from '../faults';
import type { Variant } from '../pay/notification-variants';
import type { BillDesk } from '../pay/bills';
import type { Notifier } from '../pay/notifier';
import type { RefundDesk } from '../pay/refunds';
import type { RandomFaultsInput } from '../random-faults';
import type { CallCount, RequestRecord } from '../request-log';
import type { BillSpoil, RefundStatus, Shopper } from '../state';
import type { HaierControl } from '../haier/control';
import type { Suppliers } from '../suppliers';
import type { SignatureClock, World } from '../world';
import type { YlhControl } from '../ylh/control';
import { Cashier, type PayResult } from './cashier';
import type {
  GrantInput,
  LoginCodeInput,
  PayByNumberInput,
  PayInput,
  PhoneCodeInput,
  RefundScriptInput,
  VerdictInput,
} from './inputs';
import {
  attemptView,
  notificationViews,
  stateView,
  type AttemptView,
  type NotificationView,
  type StateView,
} from './views';

/** Everything a test or the page can do to the sandbox; the HTTP control API offers the same. */
export interface SandboxControl {
  /** A wx.login code, one use, five minutes; a new shopper unless an openid is given. */
  mintLoginCode(input?: LoginCodeInput): { code: string; openid: string };
  /** A code of the phone-number button, one use, five minutes. */
  mintPhoneCode(input: PhoneCodeInput): { code: string };
  /** Plays wx.requestPayment; a refusal is in `errMsg`, never thrown. */
  pay(input: PayInput): PayResult;
  /** Pays an order by its number. Throws Error when it cannot be paid. */
  payByNumber(outTradeNo: string, options?: Omit<PayByNumberInput, 'outTradeNo'>): PayResult;
  notifications: {
    list(): NotificationView[];
    /** An honest copy now, off the timetable. Rejects when the id is unknown, like the next two. */
    resend(id: string): Promise<AttemptView>;
    /** `count` honest copies at the same moment. */
    copies(id: string, count: number): Promise<AttemptView[]>;
    /** A call the shop must refuse. */
    send(id: string, variant: Variant): Promise<AttemptView>;
  };
  refunds: {
    /** What becomes of the next refund, or of the one with that number. */
    script(script: RefundScriptInput): void;
    /** Ends a refund under way now. Throws Error when there is none by that number. */
    settle(outRefundNo: string, outcome?: Exclude<RefundStatus, 'PROCESSING'>): { status: RefundStatus };
    /** Least sandbox ms between two refunds of one order; 60000 unless changed. */
    spacing(ms: number): void;
  };
  bills: {
    /** The complete trade bill of a Beijing day before today, as it would be served; undefined when nothing happened. */
    read(day: string): string | undefined;
    /** Serves another text as that bill, with its own right hash; without a text the true one again. */
    replace(day: string, text?: string): void;
    /** Spoils the next bills: announced under another hash, or cut off in the middle. */
    spoil(how: BillSpoil['how'], times?: number): void;
  };
  /** Haier's open platform: products, prices, stock, balance, tokens, forms of answers. */
  haier: HaierControl;
  /** YLH: orders and what happens to them, call-backs, tokens, forms of answers. */
  ylh: YlhControl;
  addFault(fault: Fault): ActiveFault;
  /** A share of the calls to a host fails, the same ones for the same seed; a rate of 0 ends it. */
  failAtRandom(input: RandomFaultsInput): void;
  /** Removes one fault, or all, those at random too. */
  clearFaults(id?: string): void;
  clock: {
    now(): Date;
    /** Moves time on by ms; resolves after everything that fell due has run. */
    advance(ms: number): Promise<void>;
    /** Sets the time (RFC3339). */
    set(iso: string): Promise<void>;
    /** Which clock signatures are stamped with and judged by. */
    signatures(clock: SignatureClock): void;
  };
  subscriptions: {
    /** The shopper agrees to `times` more messages of a template, which becomes known by it. */
    grant(input: GrantInput): void;
    /** Registers a template with the keys a message must fill. */
    template(templateId: string, keys: string[]): void;
  };
  /** Texts containing a word get this verdict from now on. */
  judgeContent(verdict: VerdictInput): void;
  /** Sandbox ms for which the shipping service does not know a new payment; 10000 unless changed. */
  shippingLag(ms: number): void;
  /** What the hosts have seen, oldest first, secrets masked. */
  requests(): RequestRecord[];
  /** How many calls there were of each kind since the start or the last reset. */
  callCounts(): CallCount[];
  state(): StateView;
  /** Resolves when no call to the shop is under way. */
  idle(): Promise<void>;
  /** Forgets everything but identity and keys. */
  reset(): Promise<void>;
}

function shopperOf(world: World, { openid, unionid }: LoginCodeInput): Shopper {
  const id = openid ?? `o${randomBytes(20).toString('base64url')}`;
  const known = Object.hasOwn(world.state.shoppers, id) ? world.state.shoppers[id] : undefined;
  const shopper = known ?? { openid: id };
  if (unionid !== undefined) shopper.unionid = unionid;
  world.state.shoppers[id] = shopper;
  return shopper;
}

/** The length a wx.login code has. */
function newCode(): string {
  return `0${randomBytes(12).toString('hex')}wx`;
}

function shopperControl(world: World): Pick<SandboxControl, 'mintLoginCode' | 'mintPhoneCode'> {
  return {
    mintLoginCode(input = {}) {
      const { openid } = shopperOf(world, input);
      const code = newCode();
      world.state.loginCodes[code] = { openid, mintedAt: world.now() };
      world.changed();
      return { code, openid };
    },
    mintPhoneCode({ openid, phone, countryCode }) {
      const code = newCode();
      shopperOf(world, { openid });
      world.state.phoneCodes[code] = { openid, phone, countryCode: countryCode ?? 86, mintedAt: world.now() };
      world.changed();
      return { code };
    },
  };
}

function messageControl(
  world: World,
): Pick<SandboxControl, 'subscriptions' | 'judgeContent' | 'shippingLag'> {
  return {
    subscriptions: {
      grant({ openid, templateId, times }) {
        world.state.templates[templateId] ??= [];
        const account = `${openid}|${templateId}`;
        world.state.subscriptions[account] = (world.state.subscriptions[account] ?? 0) + (times ?? 1);
        world.changed();
      },
      template(templateId, keys) {
        world.state.templates[templateId] = keys;
        world.changed();
      },
    },
    judgeContent(verdict) {
      world.state.contentVerdicts.push(verdict);
      world.changed();
    },
    shippingLag(ms) {
      world.state.shippingLagMs = ms;
      world.changed();
    },
  };
}

function clockControl(world: World): SandboxControl['clock'] {
  return {
    now: () => new Date(world.now()),
    advance: (ms) => world.clock.advance(ms),
    set: (iso) => world.clock.set(Date.parse(iso)),
    signatures(clock) {
      world.signatureClock = clock;
    },
  };
}

function payControl(
  world: World,
  notifier: Notifier,
  desk: RefundDesk,
): Pick<SandboxControl, 'pay' | 'payByNumber' | 'notifications' | 'refunds'> {
  const cashier = new Cashier(world, notifier);
  return {
    pay: (input) => cashier.pay(input),
    payByNumber: (outTradeNo, options = {}) => cashier.payByNumber({ outTradeNo, ...options }),
    notifications: {
      list: () => notificationViews(world),
      resend: async (id) => attemptView(await notifier.resend(id)),
      copies: async (id, count) => (await notifier.copies(id, count)).map(attemptView),
      send: async (id, variant) => attemptView(await notifier.sendVariant(id, variant)),
    },
    refunds: {
      script(script) {
        world.state.refundScripts.push({ ...script, times: script.times ?? 1 });
        world.changed();
      },
      settle: (outRefundNo, outcome) => ({ status: desk.settle(outRefundNo, outcome).status }),
      spacing(ms) {
        world.state.refundSpacingMs = ms;
        world.changed();
      },
    },
  };
}

function billControl(world: World, desk: BillDesk): SandboxControl['bills'] {
  return {
    read: (day) => desk.complete(day),
    replace(day, text) {
      world.state.billTexts[day] = text;
      world.changed();
    },
    spoil(how, times = 1) {
      world.state.billSpoils.push({ how, times });
      world.changed();
    },
  };
}

export interface ControlParts {
  notifier: Notifier;
  refunds: RefundDesk;
  bills: BillDesk;
  suppliers: Suppliers;
}

/** Binds the control operations to a running sandbox. */
export function createControl(
  world: World,
  { notifier, refunds, bills, suppliers }: ControlParts,
): SandboxControl {
  return {
    ...shopperControl(world),
    ...payControl(world, notifier, refunds),
    ...messageControl(world),
    ...suppliers.control,
    bills: billControl(world, bills),
    clock: clockControl(world),
    addFault: (fault) => world.faults.add(fault),
    failAtRandom: (input) => world.faults.failAtRandom(input),
    clearFaults: (id) => world.faults.clear(id),
    requests: () => world.requests.list(),
    callCounts: () => world.requests.counts(),
    state: () => stateView(world),
    async idle() {
      await Promise.all([notifier.idle(), suppliers.idle()]);
    },
    async reset() {
      await Promise.all([notifier.stop(), suppliers.stop()]);
      await world.reset();
      await suppliers.reset();
    },
  };
}
