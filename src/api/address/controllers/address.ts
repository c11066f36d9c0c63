import type { Context } from 'koa';

import { readListQuery, readOneQuery, select } from '../../../platform/listing';
import { noBody, one, page, parseAction, parseData, pathId, signedInUser } from '../../../platform/request';
import { presentAddress } from '../presenters/address';
import {
  ADDRESS_LIST,
  addAddress,
  deleteAddress,
  listAddresses,
  readAddress,
  updateAddress,
} from '../services/addresses';
import { addressChangesSchema, newAddressSchema } from '../validation/address';

export default {
  async find(ctx: Context) {
    const request = readListQuery(ctx.query, ADDRESS_LIST);
    const { addresses, pagination } = await listAddresses(signedInUser(ctx).id, request);
    ctx.body = page(
      addresses.map((address) => select(presentAddress(address), request)),
      pagination,
    );
  },

  async findOne(ctx: Context) {
    const request = readOneQuery(ctx.query, { fields: ADDRESS_LIST.fields });
    ctx.body = one(select(presentAddress(await readAddress(signedInUser(ctx).id, pathId(ctx))), request));
  },

  async create(ctx: Context) {
    const address = await addAddress(signedInUser(ctx).id, parseData(newAddressSchema, ctx));
    ctx.status = 201;
    ctx.body = one(presentAddress(address));
  },

  async update(ctx: Context) {
    const changes = parseData(addressChangesSchema, ctx);
    ctx.body = one(presentAddress(await updateAddress(signedInUser(ctx).id, pathId(ctx), changes)));
  },

  async setDefault(ctx: Context) {
    parseAction(noBody, ctx);
    ctx.body = one(
      presentAddress(await updateAddress(signedInUser(ctx).id, pathId(ctx), { isDefault: true })),
    );
  },

  async delete(ctx: Context) {
    await deleteAddress(signedInUser(ctx).id, pathId(ctx));
    ctx.status = 204;
  },
};
