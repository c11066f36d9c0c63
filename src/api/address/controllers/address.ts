import type { Context } from 'koa';

import { readListQuery } from '../../../platform/listing';
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
    const { addresses, pagination } = await listAddresses(
      signedInUser(ctx).id,
      readListQuery(ctx.query, ADDRESS_LIST),
    );
    ctx.body = page(addresses.map(presentAddress), pagination);
  },

  async findOne(ctx: Context) {
    ctx.body = one(presentAddress(await readAddress(signedInUser(ctx).id, pathId(ctx))));
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
