import { Refusal } from '../../../domain/refusal';
import { type BaseRow, fetchRow, query } from '../../../platform/database';

const ADDRESS_UID = 'api::address.address';

export interface DeliveryAddress extends BaseRow {
  contactName: string;
  phone: string;
  province: string;
  city: string;
  district: string;
  districtCode: string;
  town: string | null;
  detail: string;
}

/** The shopper's own address. Throws NOT_FOUND, and REGION_UNKNOWN when its district has no GB/T 2260 code. */
export async function readDeliveryAddress(userId: number, documentId: string): Promise<DeliveryAddress> {
  const row = await fetchRow<DeliveryAddress & { districtCode: string | null }>(
    ADDRESS_UID,
    query(ADDRESS_UID).where({ user_id: userId, document_id: documentId }),
  );
  if (row === undefined) throw new Refusal('NOT_FOUND', { details: { address: documentId } });
  if (row.districtCode === null || row.districtCode === '') {
    throw new Refusal('REGION_UNKNOWN', {
      details: { province: row.province, city: row.city, district: row.district },
    });
  }
  return row;
}
