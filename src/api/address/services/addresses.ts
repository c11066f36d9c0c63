import { notFound, validationFailed } from '../../../domain/refusal';
import {
  fetchRow,
  fromColumns,
  inTransaction,
  insertRow,
  isPostgres,
  query,
  type Tx,
  updateRow,
} from '../../../platform/database';
import { type ListColumns, type ListQuery, type ListRules, runList } from '../../../platform/listing';
import type { Pagination } from '../../../platform/request';
import { ADDRESS_UID, type AddressRow } from '../address-rows';
import { findRegion, type Place, regionUnknown } from '../region-table';
import { ADDRESS_FIELDS } from '../presenters/address';
import type { AddressChanges, NewAddress } from '../validation/address';

const MAX_ADDRESSES = 50;

export const ADDRESS_LIST: ListRules = {
  filters: { isDefault: 'boolean', districtCode: 'text', createdAt: 'time' },
  sort: ['createdAt', 'isDefault'],
  defaultSort: ['isDefault:desc', 'createdAt:desc'],
  fields: ADDRESS_FIELDS,
};

const COLUMNS: ListColumns = {
  columns: { isDefault: 'is_default', districtCode: 'district_code', createdAt: 'created_at' },
  id: 'id',
};

/** A page of a user's addresses, the default first. */
export async function listAddresses(
  userId: number,
  request: ListQuery,
): Promise<{ addresses: AddressRow[]; pagination: Pagination }> {
  const { rows, pagination } = await runList(
    query(ADDRESS_UID).select('*').where('user_id', userId),
    request,
    COLUMNS,
  );
  return { addresses: rows.map((row) => fromColumns<AddressRow>(ADDRESS_UID, row)), pagination };
}

const ofUser = (userId: number, tx?: Tx) => query(ADDRESS_UID, tx).where('user_id', userId);

/** A user's own address. Throws NOT_FOUND, for somebody else's too. */
export async function readAddress(userId: number, documentId: string, tx?: Tx): Promise<AddressRow> {
  const row = await fetchRow<AddressRow>(ADDRESS_UID, ofUser(userId, tx).where('document_id', documentId));
  if (row === undefined) throw notFound();
  return row;
}

/** Changes to one user's addresses take turns: which of them is the default depends on all of them. */
async function lockOwner(tx: Tx, userId: number): Promise<void> {
  if (isPostgres())
    await query('plugin::users-permissions.user', tx).where('id', userId).forNoKeyUpdate().first('id');
}

/** The default of before steps back first: the index that allows one default per user is checked row by row. */
const unsetDefault = (tx: Tx, userId: number) =>
  ofUser(userId, tx).where('is_default', true).update({ is_default: false });

/**
 * The code an address is kept with: the table's, for names and code that mean the same place. Null asks to keep the address
 * without one. Throws REGION_UNKNOWN with suggestions, so that no wrong code is kept and the shopper hears of it now and
 * not when ordering. Where no table is connected the code is believed.
 */
function districtCodeOf(place: Place): string | null {
  if (place.code === null) return null;
  const answer = findRegion(place);
  if (answer === undefined) return place.code ?? null;
  if (answer.kind === 'unknown') throw regionUnknown(place, answer);
  return answer.region.code;
}

/**
 * Adds an address; a user's first is the default. A district code that is left out is found by the names. Throws
 * REGION_UNKNOWN, and VALIDATION_FAILED when there are 50 already.
 */
export async function addAddress(userId: number, input: NewAddress): Promise<AddressRow> {
  const districtCode = districtCodeOf({ ...input, code: input.districtCode });
  return inTransaction(async (tx) => {
    await lockOwner(tx, userId);
    const [counted] = (await ofUser(userId, tx).count({ total: 'id' })) as { total: string | number }[];
    const total = Number(counted?.total ?? 0);
    if (total >= MAX_ADDRESSES) {
      throw validationFailed([{ path: ['data'], message: `at most ${MAX_ADDRESSES} addresses` }], {
        zh: `最多保存 ${MAX_ADDRESSES} 个地址，请先删除不用的地址`,
        en: `At most ${MAX_ADDRESSES} addresses can be kept, please delete one first`,
      });
    }
    const isDefault = total === 0 || input.isDefault === true;
    if (isDefault) await unsetDefault(tx, userId);
    return insertRow(ADDRESS_UID, tx, {
      ...input,
      districtCode,
      town: input.town ?? null,
      userId,
      isDefault,
    });
  });
}

const REGION = ['province', 'city', 'district', 'districtCode'] as const;

/**
 * The code after a change; undefined when the place stays as it is, also when all of it is sent again. The code of the old
 * district would send a delivery there: it goes with the district it belongs to.
 */
function changedCode(address: AddressRow, changes: AddressChanges): string | null | undefined {
  const isMoved = REGION.some((name) => changes[name] !== undefined && changes[name] !== address[name]);
  if (!isMoved) return undefined;
  const { province, city, district } = { ...address, ...changes };
  return districtCodeOf({ province, city, district, code: changes.districtCode });
}

/**
 * Changes a user's own address. Another province, city or district without its code is given the code the names have.
 * `isDefault: true` makes it the default; the default gives that up only to another one.
 * Throws NOT_FOUND, REGION_UNKNOWN, VALIDATION_FAILED for `isDefault: false` on the default.
 */
export async function updateAddress(
  userId: number,
  documentId: string,
  changes: AddressChanges,
): Promise<AddressRow> {
  return inTransaction(async (tx) => {
    await lockOwner(tx, userId);
    const address = await readAddress(userId, documentId, tx);
    if (address.isDefault && changes.isDefault === false) {
      throw validationFailed([
        { path: ['data', 'isDefault'], message: 'make another address the default instead' },
      ]);
    }
    const districtCode = changedCode(address, changes);
    if (changes.isDefault === true && !address.isDefault) await unsetDefault(tx, userId);
    await updateRow(ADDRESS_UID, tx, address.id, { ...changes, districtCode });
    return readAddress(userId, documentId, tx);
  });
}

/** Deletes a user's own address; when it was the default, the newest of the others is. Throws NOT_FOUND. */
export async function deleteAddress(userId: number, documentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await lockOwner(tx, userId);
    const address = await readAddress(userId, documentId, tx);
    await query(ADDRESS_UID, tx).where('id', address.id).delete();
    if (!address.isDefault) return;
    const newest = await fetchRow<AddressRow>(
      ADDRESS_UID,
      ofUser(userId, tx).orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ]),
    );
    if (newest !== undefined) await updateRow(ADDRESS_UID, tx, newest.id, { isDefault: true });
  });
}
