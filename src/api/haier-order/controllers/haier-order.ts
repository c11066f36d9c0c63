import type { Context } from 'koa';

import { one, parseAction, pathId, signedInUser } from '../../../platform/request';
import { asShopper, asStaff, ownerFilter } from '../../order/acting';
import { findOrder } from '../../order/services/cancellation';
import { presentParcels, presentPictures } from '../presenters/logistics';
import { presentBooking } from '../presenters/booking';
import { rescheduleOrder } from '../services/rescheduling';
import { rescheduleSchema } from '../validation';

export default {
  async logistics(ctx: Context) {
    const user = signedInUser(ctx);
    ctx.body = one(presentParcels(await findOrder(pathId(ctx), ownerFilter(user))));
  },

  async deliveryImages(ctx: Context) {
    const user = signedInUser(ctx);
    ctx.body = one(presentPictures(await findOrder(pathId(ctx), ownerFilter(user))));
  },

  async reschedule(ctx: Context) {
    const user = signedInUser(ctx);
    const id = pathId(ctx);
    const userId = ownerFilter(user);
    const actor = userId === undefined ? asStaff(user) : asShopper(user);
    const order = await rescheduleOrder(id, parseAction(rescheduleSchema, ctx), { actor, userId });
    ctx.body = one(presentBooking(order));
  },
};
