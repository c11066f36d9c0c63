/** What WeChat Pay APIv3 says, checked before anything believes it. Amounts are integer fen. */
import { z } from 'zod';

const time = z.string().transform((value, ctx) => {
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime())) ctx.addIssue({ code: 'custom', message: 'not a time' });
  return parsed;
});

/** A payment as the query and the notification describe it. Fields that appear only once it is paid are optional. */
export const transactionSchema = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: z.string(),
  transaction_id: z.string().min(1).optional(),
  trade_state: z.string(),
  success_time: time.optional(),
  payer: z.object({ openid: z.string().optional() }).optional(),
  amount: z.object({ total: z.number().int().optional(), currency: z.string().optional() }).optional(),
});
export type WechatTransaction = z.infer<typeof transactionSchema>;

/** A refund as answered and queried. */
export const refundSchema = z.object({
  refund_id: z.string(),
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
  success_time: time.optional(),
  amount: z.object({ total: z.number().int(), refund: z.number().int() }),
});
export type WechatRefund = z.infer<typeof refundSchema>;

/** The same facts as a notification words them: `refund_status` instead of `status`. */
export const refundNoticeSchema = z
  .object({
    mchid: z.string(),
    refund_id: z.string(),
    out_refund_no: z.string(),
    out_trade_no: z.string(),
    refund_status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
    success_time: time.optional(),
    amount: z.object({ total: z.number().int(), refund: z.number().int() }),
  })
  .transform(({ refund_status, ...rest }) => ({ ...rest, status: refund_status }));

export const noticeSchema = z.object({
  id: z.string().min(1).max(64),
  event_type: z.string(),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    original_type: z.string().optional(),
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().optional(),
  }),
});

export const prepayAnswerSchema = z.object({ prepay_id: z.string().min(1) });
export const errorAnswerSchema = z.object({ code: z.string(), message: z.string().optional() });
