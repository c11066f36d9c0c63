import { z } from 'zod';

import { lineOfText } from '../../../platform/request';

const MOBILE = /^(\+?86)?1[3-9]\d{9}$/;
const LANDLINE = /^0\d{2,3}-?\d{7,8}(-\d{1,6})?$/;

const phone = z
  .string()
  .trim()
  .refine((value) => MOBILE.test(value) || LANDLINE.test(value), 'must be a phone number of mainland China');

const region = () => lineOfText(50);
/** GB/T 2260. Whether it is the code of the place is the service's question. */
const districtCode = z.string().regex(/^\d{6}$/, 'must have six digits');

const fields = {
  contactName: lineOfText(50),
  phone,
  province: region(),
  city: region(),
  district: region(),
  districtCode: districtCode.nullable().optional(),
  town: region().nullable().optional(),
  detail: lineOfText(200),
  isDefault: z.boolean().optional(),
};

export const newAddressSchema = z.strictObject(fields);
export const addressChangesSchema = z.strictObject(fields).partial();

export type NewAddress = z.infer<typeof newAddressSchema>;
export type AddressChanges = z.infer<typeof addressChangesSchema>;
