import { isoTime } from '../../../platform/request';
import type { AddressRow } from '../address-rows';

/** What `fields` may name of an address. */
export const ADDRESS_FIELDS = [
  'contactName',
  'phone',
  'province',
  'city',
  'district',
  'districtCode',
  'town',
  'detail',
  'isDefault',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof ReturnType<typeof presentAddress>)[];

/** An address as its owner sees it. */
export const presentAddress = (address: AddressRow) => ({
  documentId: address.documentId,
  contactName: address.contactName,
  phone: address.phone,
  province: address.province,
  city: address.city,
  district: address.district,
  districtCode: address.districtCode,
  town: address.town,
  detail: address.detail,
  isDefault: address.isDefault,
  createdAt: isoTime(address.createdAt),
  updatedAt: isoTime(address.updatedAt),
});
