/** Haier's orders as the plugin sees them. */
import { z } from 'zod';

import {
  countHaierOrders,
  findHaierOrder,
  listHaierOrders,
  presentHaierOrder,
} from '../api/haier-order/queries/haier-orders';
import { receiveDelivery, recordRejectedCall } from '../api/haier-order/services/callbacks';
import { refreshLogistics, syncLogistics } from '../api/haier-order/services/logistics';
import { rescheduleOrder } from '../api/haier-order/services/rescheduling';
import {
  cancelForStaff,
  markHandled,
  pushAgain,
  readHaierOrder,
  refundForStaff,
} from '../api/haier-order/services/staff-actions';
import { rescheduleSchema } from '../api/haier-order/validation';
import type { Actor } from '../api/order/order-rows';
import { isDocumentId, lineOfText, parseValue } from '../platform/request';
import type { HaierOrderView, OrderPort, PortActor } from '../plugins/haier-integration/server/src/ports';

/** The plugin's people are the panel's. */
const toActor = ({ kind, id, name }: PortActor): Actor => ({ type: kind, id, name });

const reasonSchema = z.strictObject({ reason: lineOfText(200) });
const noteSchema = z.strictObject({ note: lineOfText(200).optional() });

const show = async (id: string): Promise<HaierOrderView> => presentHaierOrder(await readHaierOrder(id));

export const orderPort: OrderPort = {
  async list(request) {
    const { rows, total } = await listHaierOrders(request);
    return { rows: rows.map(presentHaierOrder), total };
  },
  async find(id) {
    const found = isDocumentId(id) ? await findHaierOrder(id) : undefined;
    return found === undefined ? undefined : presentHaierOrder(found);
  },
  count: countHaierOrders,
  async push(id, actor) {
    await pushAgain(id, toActor(actor));
    return show(id);
  },
  async cancel(id, request, actor) {
    await cancelForStaff(id, parseValue(reasonSchema, request), toActor(actor));
    return show(id);
  },
  async reschedule(id, request, actor) {
    await readHaierOrder(id);
    await rescheduleOrder(id, parseValue(rescheduleSchema, request), { actor: toActor(actor) });
    return show(id);
  },
  async refresh(id) {
    await readHaierOrder(id);
    await refreshLogistics(id);
    return show(id);
  },
  async refund(id, request, actor) {
    await refundForStaff(id, parseValue(reasonSchema, request), toActor(actor));
    return show(id);
  },
  async markHandled(id, request, actor) {
    await markHandled(id, parseValue(noteSchema, request), toActor(actor));
    return show(id);
  },
  receive: receiveDelivery,
  recordRejected: recordRejectedCall,
  syncLogistics,
};
