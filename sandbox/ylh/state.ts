import type { DeliveryAttempt } from '../state';
import type { SupplierToken, TokenHabits } from '../supplier/tokens';
import type { OrderRequest } from './order-rules';

export const STAGES = [
  'created',
  'confirmed',
  'refused',
  'out_of_stock',
  'shipped',
  'delivered',
  'rejected',
  'cancelled',
] as const;
export type Stage = (typeof STAGES)[number];

export const STEPS = [
  'confirm',
  'refuse',
  'out-of-stock',
  'ship',
  'deliver',
  'photograph',
  'cancel',
] as const;
export type Step = (typeof STEPS)[number];

export interface Parcel {
  company: string;
  logisticsNo: string;
  snCode: string;
  deliveryRecordCode: string;
  /** In which of the three lists of Haier's logistics it stands. */
  carrier: 'haier' | 'zhihuibao' | 'thirdParty';
  shippedAt: number;
}

export interface Photo {
  imageType: '配送照片' | '安装照片';
  path: string;
  uploadedAt: number;
}

export interface YlhOrder {
  /** As it was sent. */
  request: OrderRequest;
  soId: string;
  retailOrderNo: string;
  stage: Stage;
  createdAt: number;
  /** How often it was sent again and refused as a repeat. */
  repeats: number;
  distributionTime?: number;
  installTime?: number;
  cancel?: { askedAt: number; reason: string; verdict?: 'done' | 'failed' | 'partly' };
  parcel?: Parcel;
  deliveredAt?: number;
  photos: Photo[];
  /** What happens by itself next. */
  plan?: { step: Step; dueAt: number; message?: string };
}

export const EVENTS = ['confirm', 'cancel', 'oostock'] as const;
export type CallbackEvent = (typeof EVENTS)[number];

/** A call to the shop with its answer judged. */
export interface CallbackAttempt extends DeliveryAttempt {
  /** The answer said `success: true`. */
  accepted: boolean;
  /** What in the answer is not as the contract has it. */
  problems: string[];
}

export interface YlhCallback {
  id: string;
  event: CallbackEvent;
  /** The shop's order number as it stands in `data`. */
  platformOrderNo: string;
  /** The JSON text of `Data`; the same for every repetition. */
  data: string;
  createdAt: number;
  held: boolean;
  deliveredAt?: number;
  nextAttemptAt?: number;
  /** How many of YLH's own calls were made; the retry table is read with it. */
  scheduledAttempts: number;
  attempts: CallbackAttempt[];
}

/** What becomes of an order that comes next, or of the one with that so id. */
export interface OrderScript {
  soId?: string;
  outcome: 'confirm' | 'refuse' | 'out-of-stock' | 'nothing';
  message?: string;
  /** The call-back is made and answered before the order itself is. */
  early: boolean;
  delayMs: number;
  times: number;
}

/** The life of an order: by the control API, or by itself with these pauses (sandbox ms). */
export interface Pace {
  mode: 'manual' | 'automatic';
  confirmMs: number;
  shipMs: number;
  deliverMs: number;
  photographMs: number;
  cancelMs: number;
}

export interface YlhHabits {
  token: TokenHabits & { type: string };
  /** How a repeated so id is refused; `{soId}` and `{retailOrderNo}` are filled in. */
  duplicate: { code: string; message: string; carriesOrder: boolean };
  /** `State` of a call-back. */
  stateType: 'number' | 'string';
  /** `itemList` of a call-back: a list, or the JSON text of one. */
  itemList: 'list' | 'json';
  /** `uploadTime` of a photo. */
  uploadTime: 'text' | 'ms';
  callsPerSecond: number;
}

export interface YlhState {
  habits: YlhHabits;
  tokens: SupplierToken[];
  /** By so id. */
  orders: Record<string, YlhOrder | undefined>;
  lastNumber: number;
  callbacks: YlhCallback[];
  scripts: OrderScript[];
  pace: Partial<Pace>;
  /** Absent = the address given at start. */
  callbackUrl?: string;
}

export const usualYlhHabits = (): YlhHabits => ({
  token: { lifetimeSeconds: 3_600, newEndsOld: false, expiresIn: 'number', type: 'bearer' },
  duplicate: {
    code: 'REPEAT_ORDER',
    message: '子订单号 {soId} 已存在，请勿重复推送',
    carriesOrder: false,
  },
  stateType: 'number',
  itemList: 'list',
  uploadTime: 'text',
  callsPerSecond: 100,
});

/** A YLH nobody has sent an order to. */
export function emptyYlhState(): YlhState {
  return {
    habits: usualYlhHabits(),
    tokens: [],
    orders: {},
    lastNumber: 0,
    callbacks: [],
    scripts: [],
    pace: {},
  };
}
