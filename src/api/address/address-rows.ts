import type { BaseRow } from '../../platform/database';

export const ADDRESS_UID = 'api::address.address';

export interface AddressRow extends BaseRow {
  userId: number;
  contactName: string;
  phone: string;
  province: string;
  city: string;
  district: string;
  districtCode: string | null;
  town: string | null;
  detail: string;
  isDefault: boolean;
}
