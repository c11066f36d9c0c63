import { Refusal } from '../../../domain/refusal';
import { createBatcher } from '../../../platform/batching';
import { type BaseRow, fetchRows, query } from '../../../platform/database';
import { findRegion, regionUnknown } from '../../address/region-table';

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

type AddressRow = DeliveryAddress & { districtCode: string | null; userId: number };

interface AddressQuestion {
  userId: number;
  documentId: string;
}

async function readAddresses(questions: AddressQuestion[]): Promise<(AddressRow | undefined)[]> {
  const rows = await fetchRows<AddressRow>(
    ADDRESS_UID,
    query(ADDRESS_UID)
      .whereIn(
        'document_id',
        questions.map(({ documentId }) => documentId),
      )
      .whereIn(
        'user_id',
        questions.map(({ userId }) => userId),
      ),
  );
  return questions.map(({ userId, documentId }) =>
    rows.find((row) => row.userId === userId && row.documentId === documentId),
  );
}

const askForAddress = createBatcher<AddressQuestion, AddressRow | undefined>({
  name: 'delivery-address',
  work: readAddresses,
  maxSize: 100,
  maxInFlight: 1,
});

/**
 * The shopper's own address; shoppers who order at the same moment share the statement. Throws NOT_FOUND, and
 * REGION_UNKNOWN when its district has no GB/T 2260 code. Not for use inside a transaction.
 */
export async function readDeliveryAddress(userId: number, documentId: string): Promise<DeliveryAddress> {
  const row = await askForAddress({ userId, documentId });
  if (row === undefined) throw new Refusal('NOT_FOUND', { details: { address: documentId } });
  if (row.districtCode === null || row.districtCode === '') {
    throw regionUnknown(row, findRegion({ ...row, code: null }));
  }
  return row;
}
