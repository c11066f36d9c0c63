/** What the traces of an order's parcels mean for the order. The words are the carriers' own. */

export interface TraceStep {
  /** ISO 8601; null where the carrier's time could not be read. */
  at: string | null;
  status: string;
}

export interface Parcel {
  company: string | null;
  trackingNumber: string | null;
  status: string | null;
  traces: TraceStep[];
}

const REFUSED = /拒收|拒签|未签收|未送达|签收失败|无法送达|退回/;
const DELIVERED = /签收|妥投|已送达|送达成功|已完成|安装完成|delivered|signed/i;
const MOVING =
  /揽收|揽件|出库|发货|发车|运输|在途|中转|到达|派送|派件|配送|picked up|shipped|transit|deliver/i;

/** The steps in the order of their times; a step without one stays where it was. */
function inTime(traces: readonly TraceStep[]): TraceStep[] {
  if (traces.some(({ at }) => at === null)) return [...traces];
  return [...traces].sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
}

/** The newest words about a parcel. */
const words = ({ status, traces }: Parcel): string[] => [
  ...(status === null ? [] : [status]),
  ...inTime(traces)
    .slice(-1)
    .map((step) => step.status),
];

const isDeliveredParcel = (parcel: Parcel): boolean =>
  words(parcel).some((text) => DELIVERED.test(text)) && !words(parcel).some((text) => REFUSED.test(text));

/** The parcel that has left the warehouse; undefined while none has. A number alone is a label, not a journey. */
export const movingParcel = (parcels: readonly Parcel[]): Parcel | undefined =>
  parcels.find(
    (parcel) => parcel.traces.length > 0 || (parcel.status !== null && MOVING.test(parcel.status)),
  );

/** True when every parcel has been handed over. */
export const isDelivered = (parcels: readonly Parcel[]): boolean =>
  parcels.length > 0 && parcels.every(isDeliveredParcel);
