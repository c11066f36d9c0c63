/** Order shipping information (发货信息管理): without it WeChat keeps a payment's money, and in the end bars the shop. */
import type { z } from 'zod';

import { BEIJING_OFFSET_MS, DAY_MS } from '../../domain/beijing-day';
import type { Carrier } from './carriers';
import { MiniProgramBusyError, MiniProgramError, type MiniProgram } from './mini-program-client';
import { carrierListSchema, shippingOrderSchema, uploadAnswerSchema } from './mini-program-messages';
import { readShippingCode } from './shipping-errors';

const EXPRESS = 1;
const UNIFIED = 1;
const SPLIT = 2;
const BY_TRANSACTION_ID = 2;
/** get_order, `order_state`: shipped, received, completed, funds to settle. */
const SHIPPED_STATES = new Set([2, 3, 4, 6]);
const REFUNDED_STATE = 5;

export interface UploadedParcel {
  /** An id of the carrier list. */
  carrier: string;
  trackingNumber: string;
  description: string;
  /** The recipient's number, masked but for its last four digits; for the carriers that need it. */
  maskedPhone?: string;
}

export interface ShippingUpload {
  transactionId: string;
  payerOpenId: string;
  isSplit: boolean;
  /** Counts for a split delivery: nothing more will be added. */
  isAllShipped: boolean;
  /** All so far, not only the new ones. */
  parcels: UploadedParcel[];
  /** Later than every earlier upload of the payment. */
  uploadedAt: Date;
}

/** What WeChat has of a payment's goods. */
export interface ShippingOrder {
  isRefunded: boolean;
  isFinished: boolean;
  trackingNumbers: ReadonlySet<string>;
  /** When it was last told, cut to the second. */
  lastUploadAt: Date | undefined;
}

/** RFC 3339 in China's time with milliseconds: uploads of one payment are put in order by it. */
const chinaTime = (time: Date): string =>
  `${new Date(time.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 23)}+08:00`;

const toWire = ({ carrier, trackingNumber, description, maskedPhone }: UploadedParcel) => ({
  tracking_no: trackingNumber,
  express_company: carrier,
  item_desc: description,
  ...(maskedPhone === undefined ? {} : { contact: { receiver_contact: maskedPhone } }),
});

export class ShippingInformation {
  private list: { carriers: readonly Carrier[]; goodUntil: number } | undefined;

  constructor(private readonly options: { app: Pick<MiniProgram, 'withToken'>; now: () => Date }) {}

  /**
   * Tells WeChat what has been shipped of a payment. Resolves also when it knew all of it. Not repeated on silence: ask
   * `find` first, since a payment has one re-shipping only. Throws the errors named in `shipping-errors`.
   */
  async upload(upload: ShippingUpload): Promise<void> {
    await this.call(uploadAnswerSchema, 'upload_shipping_info', {
      order_key: { order_number_type: BY_TRANSACTION_ID, transaction_id: upload.transactionId },
      logistics_type: EXPRESS,
      delivery_mode: upload.isSplit ? SPLIT : UNIFIED,
      ...(upload.isSplit ? { is_all_delivered: upload.isAllShipped } : {}),
      shipping_list: upload.parcels.map(toWire),
      upload_time: chinaTime(upload.uploadedAt),
      payer: { openid: upload.payerOpenId },
    });
  }

  /** What WeChat has been told of a payment. Throws UnknownPaymentError and like `upload`. */
  async find(transactionId: string): Promise<ShippingOrder> {
    const answer = await this.call(shippingOrderSchema, 'get_order', { transaction_id: transactionId });
    // A code that means "told already" says nothing here.
    if (answer === undefined) throw new MiniProgramError(undefined, 'get_order without an order');
    const { order_state: state, shipping } = answer.order;
    const parcels = shipping?.shipping_list ?? [];
    const times = parcels.map((parcel) => parcel.upload_time ?? 0);
    return {
      isRefunded: state === REFUNDED_STATE,
      isFinished: SHIPPED_STATES.has(state) || shipping?.finish_shipping === true,
      trackingNumbers: new Set(parcels.map((parcel) => parcel.tracking_no ?? '')),
      lastUploadAt: times.length === 0 ? undefined : new Date(Math.max(...times) * 1000),
    };
  }

  /** Every carrier WeChat knows, asked for once a day. Throws like `upload`. */
  async carriers(): Promise<readonly Carrier[]> {
    const now = this.options.now().getTime();
    if (this.list === undefined || now >= this.list.goodUntil) {
      // An empty body is refused, an empty object is not.
      const { delivery_list: rows } = await this.options.app.withToken(
        carrierListSchema,
        '/cgi-bin/express/delivery/open_msg/get_delivery_list',
        {},
      );
      const carriers = rows.map((row) => ({ id: row.delivery_id, name: row.delivery_name }));
      this.list = { carriers, goodUntil: now + DAY_MS };
    }
    return this.list.carriers;
  }

  /** Undefined when WeChat says that it had been told already. */
  private async call<S extends z.ZodType>(
    schema: S,
    name: string,
    body: Record<string, unknown>,
  ): Promise<z.output<S> | undefined> {
    try {
      return await this.options.app.withToken(schema, `/wxa/sec/order/${name}`, body);
    } catch (error) {
      if (!(error instanceof MiniProgramError) || error.errcode === undefined) throw error;
      const meaning = readShippingCode(error.errcode, error.message);
      if (meaning === 'told') return undefined;
      if (meaning === 'busy') throw new MiniProgramBusyError(error.errcode);
      throw meaning === 'other' ? error : meaning;
    }
  }
}
