import type { Pace, Step, YlhOrder } from './state';

const USUAL: Omit<Pace, 'mode'> = {
  confirmMs: 4_000,
  shipMs: 20_000,
  deliverMs: 40_000,
  photographMs: 10_000,
  cancelMs: 4_000,
};

/** The pauses in force: the usual ones, and what was set differently. */
export function paceOf(mode: Pace['mode'], changed: Partial<Pace>): Pace {
  return { mode, ...USUAL, ...changed };
}

/** What happens by itself next to an order, and how long after now. */
export function nextStep(order: YlhOrder, pace: Pace): { step: Step; afterMs: number } | undefined {
  if (pace.mode === 'manual') return undefined;
  if (order.cancel && order.cancel.verdict === undefined) return { step: 'cancel', afterMs: pace.cancelMs };
  switch (order.stage) {
    case 'created':
      return { step: 'confirm', afterMs: pace.confirmMs };
    case 'confirmed':
      return { step: 'ship', afterMs: pace.shipMs };
    case 'shipped':
      return { step: 'deliver', afterMs: pace.deliverMs };
    case 'delivered':
      return order.photos.length === 0 ? { step: 'photograph', afterMs: pace.photographMs } : undefined;
    default:
      return undefined;
  }
}
