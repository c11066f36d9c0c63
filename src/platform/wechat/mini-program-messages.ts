import { z } from 'zod';

/** Every answer may be an error instead; `errcode` is left out, or 0, when it is none. */
export const errorSchema = z.object({ errcode: z.number().optional(), errmsg: z.string().optional() });

/** The session key in the answer is left where it is: nothing here has a use for it, and it must not travel. */
export const loginAnswerSchema = z.object({
  openid: z.string().min(1).max(128),
  unionid: z.string().min(1).max(128).optional(),
});

export const tokenAnswerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

export const phoneAnswerSchema = z.object({
  phone_info: z.object({
    purePhoneNumber: z.string().regex(/^\d{4,15}$/),
    // A text by the documentation, a number in its own example.
    countryCode: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^\+?\d{1,4}$/)),
    watermark: z.object({ appid: z.string() }),
  }),
});

export const uploadAnswerSchema = z.object({ errcode: z.literal(0) });

/** Before the first upload WeChat may leave out what there is of the shipping, or send nulls. */
export const shippingOrderSchema = z.object({
  order: z.object({
    order_state: z.number().int(),
    shipping: z
      .object({
        finish_shipping: z.boolean().nullish(),
        shipping_list: z
          .array(z.object({ tracking_no: z.string().nullish(), upload_time: z.number().nullish() }))
          .nullish(),
      })
      .nullish(),
  }),
});

export const carrierListSchema = z.object({
  delivery_list: z.array(z.object({ delivery_id: z.string().min(1), delivery_name: z.string() })).min(1),
});
