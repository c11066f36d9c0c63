/** What the plugin offers to the shop: the clients' answers and failures as outcomes a shop can act on. */
import type { YlhTracking } from '../clients/contract';
import { findDistrict } from '../domain/district-table';
import { HaierError } from '../domain/errors';
import { describeFailure } from '../domain/words';
import type { HaierOperations, PushOutcome, RequestOutcome } from '../operations';
import { getService } from '../plugin-services';

/** Certainly not processed: nothing was sent, the account was refused, or nobody took it. */
const CERTAINLY_NOT = new Set<HaierError['kind']>(['not_configured', 'unauthorized', 'unavailable']);

/** Throws what is no failure of the other side. */
function toFailure(error: unknown): { kind: 'refused' | 'failed' | 'unknown'; message: string } {
  if (!(error instanceof HaierError)) throw error;
  const { kind } = error;
  // Staff read it.
  const message = describeFailure(error).zh;
  if (kind === 'rejected') return { kind: 'refused', message };
  return { kind: CERTAINLY_NOT.has(kind) ? 'failed' : 'unknown', message };
}

async function ask(request: () => Promise<void>): Promise<RequestOutcome> {
  try {
    await request();
    return { kind: 'accepted' };
  } catch (error) {
    return toFailure(error);
  }
}

export default (): HaierOperations => {
  const clients = () => getService('clients');
  return {
    async readPolicy() {
      const settings = getService('settings');
      const [{ policy }, configured] = [await settings.read(), await settings.isConfigured()];
      return { ...configured, onRefusal: policy.onRefusal };
    },
    readStock: (productCode, countyCode) => getService('stockReader').read(productCode, countyCode),
    findDistrict,
    async pushOrder(order): Promise<PushOutcome> {
      try {
        const { outcome, retailOrderNo } = await clients().ylh.createOrder(order);
        return { kind: 'pushed', haierOrderNo: retailOrderNo, wasThere: outcome === 'already_there' };
      } catch (error) {
        return toFailure(error);
      }
    },
    cancelOrder: (request) => ask(() => clients().ylh.cancelOrder(request)),
    reschedule: (request) => ask(() => clients().ylh.reschedule(request)),
    listDeliveryImages: (orderNo) => clients().ylh.listDeliveryImages(orderNo),
    readLogistics: (haierOrderNo) => clients().haier.readLogistics(haierOrderNo),
    async listTracking(haierOrderNos) {
      const tracking: YlhTracking[] = [];
      for await (const one of clients().ylh.listTracking(haierOrderNos)) tracking.push(one);
      return tracking;
    },
  };
};
