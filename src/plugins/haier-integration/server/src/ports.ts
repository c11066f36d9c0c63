/**
 * What the plugin needs of the shop it is installed in. A shop hands these in at start (`connectPorts`); what is not handed in
 * is said on the pages and refused by the routes, and everything else works. All amounts are integer fen. Nothing here knows
 * the shop's tables.
 */
import type { HaierPrice, HaierProduct } from './clients/contract';

/** Who asked for something: a person of the panel, the clock, or the command line. */
export interface PortActor {
  kind: 'staff' | 'system';
  /** `admin:<id>`, or the name of the job. */
  id: string;
  name: string;
}

// ── catalogue ────────────────────────────────────────────────────────────────────────────────────────────────

/** What a sync found out about one product. A part that is left out is not touched. */
export interface CatalogueUpdate {
  productCode: string;
  product?: HaierProduct & {
    /** documentIds, from the mapping staff keep; null where they have mapped nothing. */
    brand: string | null;
    category: string | null;
  };
  /** Supply price and the like; proposed to staff for a new product, never the selling price of one that exists. */
  price?: HaierPrice;
  /** Pieces for the district that stands for all (`policy.stockCountyCode`). */
  pieces?: number;
}

export type CatalogueResult =
  | { productCode: string; outcome: 'created' | 'unchanged' }
  | { productCode: string; outcome: 'changed'; fields: string[] }
  | { productCode: string; outcome: 'failed'; reason: string };

export interface NamedDocument {
  documentId: string;
  name: string;
}

/** One of Haier's products in the shop; on sale as far as `isSales` says, listed or not. */
export interface KnownCode {
  productCode: string;
  isOnSale: boolean;
}

/** Each of these joins the database transaction that is open around it, if one is. */
export interface CataloguePort {
  /**
   * Writes what differs, and nothing where nothing does. New products are written inactive. What the sync took off sale comes
   * back when list and price both say that Haier sells it again; what staff took off sale does not. One result for each
   * update, in their order; a product that cannot be written fails alone.
   */
  apply(updates: CatalogueUpdate[]): Promise<CatalogueResult[]>;
  /** Haier's codes in the shop, in order, after `after`; empty at the end. */
  listCodes(after: string | null, limit: number): Promise<KnownCode[]>;
  /** Haier no longer offers these: off sale. Returns those that were on sale until now. */
  takeOffSale(productCodes: string[], reason: string): Promise<string[]>;
  /** What the mapping may point to. */
  listBrands(): Promise<NamedDocument[]>;
  listCategories(): Promise<NamedDocument[]>;
}

// ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────

export const HAIER_STATUSES = [
  'none',
  'push_pending',
  'push_failed',
  'pushed',
  'confirmed',
  'confirm_refused',
  'out_of_stock',
  'cancel_pending',
  'cancelled',
  'cancel_refused',
] as const;
export type HaierStatus = (typeof HAIER_STATUSES)[number];

/** What a person may do about an order now; the page shows a button for each. */
export const ORDER_ACTIONS = ['push', 'cancel', 'reschedule', 'refresh', 'refund', 'handled'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** Why an order waits for a person. */
export const WORK_REASONS = [
  'push_failed',
  'push_overdue',
  'confirm_refused',
  'out_of_stock',
  'cancelled',
  'cancel_refused',
  'cancel_overdue',
  'partly_rejected',
  'refund_undecided',
  'unclear_callback',
] as const;
export type WorkReason = (typeof WORK_REASONS)[number];

export interface HaierOrderView {
  /** documentId of the shop's order. */
  id: string;
  orderNumber: string;
  /** The shop's own status. */
  status: string;
  haierStatus: HaierStatus;
  haierOrderNo: string | null;
  soId: string | null;
  productName: string;
  productCode: string | null;
  /** e.g. `青岛市 崂山区`; never the street. */
  district: string;
  amountFen: number;
  paidAt: string | null;
  /** Haier's or YLH's last words about it. */
  message: string | null;
  work: { reason: WorkReason; since: string } | null;
  distributionDate: string | null;
  installDate: string | null;
  actions: OrderAction[];
}

export interface HaierOrderQuery {
  view: 'all' | 'work-list';
  haierStatus?: HaierStatus;
  /** Part of an order number, Haier's number or a product's name. */
  search?: string;
  page: number;
  pageSize: number;
}

export interface Page<Row> {
  rows: Row[];
  total: number;
}

/** A call-back of YLH whose signature and age are right. */
export interface CallbackDelivery {
  /** The same for every repetition of one event. */
  eventId: string;
  event: 'confirm' | 'cancel' | 'out_of_stock';
  /** Ours; never blank. */
  orderNumber: string;
  /** Haier's; null when blank, and then it matches nothing. */
  haierOrderNo: string | null;
  state: 'done' | 'failed' | 'partly';
  failMessage: string | null;
  /** Totals as of now, not increments; null where the call-back has none. */
  quantities: { productCode: string; received: number; returned: number; rejected: number }[] | null;
  sentAt: Date;
  rawBody: string;
}

/**
 * - `applied`: it changed the order. - `repeated`: it was here before. - `ignored`: the order's state has no use for it.
 * - `unknown_order`: no such order here. All are kept in the shop's inbox.
 */
export type CallbackOutcome = 'applied' | 'repeated' | 'ignored' | 'unknown_order';

export interface OrderPort {
  list(query: HaierOrderQuery): Promise<Page<HaierOrderView>>;
  find(id: string): Promise<HaierOrderView | undefined>;
  /** Numbers for the overview. */
  count(): Promise<{ workList: number; underWay: number }>;
  /** These throw the shop's refusals, whose sentence the page shows. */
  push(id: string, actor: PortActor): Promise<HaierOrderView>;
  cancel(id: string, request: { reason: string }, actor: PortActor): Promise<HaierOrderView>;
  reschedule(
    id: string,
    request: { distributionDate: string; installDate?: string },
    actor: PortActor,
  ): Promise<HaierOrderView>;
  /** Asks Haier and YLH about the order now. */
  refresh(id: string, actor: PortActor): Promise<HaierOrderView>;
  refund(id: string, request: { reason: string }, actor: PortActor): Promise<HaierOrderView>;
  markHandled(id: string, request: { note?: string }, actor: PortActor): Promise<HaierOrderView>;
  /** Lets a call-back have its effect, once, in the order the call-backs of one order came. */
  receive(delivery: CallbackDelivery): Promise<CallbackOutcome>;
  /** Keeps a trace of a call that nobody vouches for. */
  recordRejected(rubbish: { rawBody: string; reason: string }): Promise<void>;
  /** Asks for the logistics of the orders under way, a page at a time; returns how many were asked for and changed. */
  syncLogistics(options: { signal: AbortSignal; onProgress(done: number): void }): Promise<{
    total: number;
    changed: number;
    failed: { orderNumber: string; reason: string }[];
  }>;
}

// ── the shop's promises ──────────────────────────────────────────────────────────────────────────────────────

export interface DeadMessage {
  id: string;
  topic: string;
  /** What it is about, e.g. an order number. */
  subject: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: string;
}

export interface QueuePort {
  /** Messages about Haier that wait, and the age of the oldest that is due, in seconds. */
  readBacklog(): Promise<{ waiting: number; dead: number; oldestDueSeconds: number }>;
  listDead(page: number, pageSize: number): Promise<Page<DeadMessage>>;
  /** Tries a dead message again. False when it is not there or not dead. */
  replay(id: string, actor: PortActor): Promise<boolean>;
}

export interface StaffPort {
  /** Tells the people of the shop, e.g. that the balance is low. */
  notify(notice: { title: string; content: string; data?: Record<string, unknown> }): Promise<void>;
}

export interface Ports {
  catalogue?: CataloguePort;
  orders?: OrderPort;
  queue?: QueuePort;
  staff?: StaffPort;
  /** Throws where nothing may be asked of the outside, e.g. while a database transaction is open. */
  guardOutsideCall?(): void;
  /**
   * The shop's masker: what of a body or a message may be kept, at most so many bytes, with the `known` values hidden wherever
   * they stand. When left out the log of calls keeps neither.
   */
  createMask?(known: readonly (string | null | undefined)[]): (value: unknown, maxBytes?: number) => string;
  /** The shop's clock; the machine's when left out. */
  now?(): Date;
}

let ports: Ports = {};

/** Connects the shop; called once at start. Without an argument nothing is connected any more. */
export function connectPorts(connected: Ports = {}): void {
  ports = connected;
}

/** Whoever is connected now. */
export const connectedPorts = (): Ports => ports;
