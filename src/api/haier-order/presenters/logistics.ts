import type { Parcel } from '../../../domain/haier-logistics';
import type { OrderRow } from '../../order/order-rows';

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** The parcels of an order, each with its traces, newest first. An order of our own has the one staff sent. */
export function presentParcels(order: OrderRow): Parcel[] {
  if (isList(order.logistics) && order.logistics.length > 0)
    return (order.logistics as Parcel[]).map(({ company, trackingNumber, status, traces }) => ({
      company,
      trackingNumber,
      status,
      traces: [...traces].sort((a, b) => (b.at ?? '').localeCompare(a.at ?? '')),
    }));
  if (order.trackingNumber === null) return [];
  const { shippingCompany: company, trackingNumber } = order;
  return [{ company, trackingNumber, status: null, traces: [] }];
}

export interface DeliveryPicture {
  type: 'delivery' | 'installation' | 'other';
  url: string;
  uploadedAt: string | null;
}

/** The pictures of the delivery, as far as they are known. */
export const presentPictures = ({ deliveryImages }: OrderRow): DeliveryPicture[] =>
  isList(deliveryImages)
    ? (deliveryImages as DeliveryPicture[]).map(({ type, url, uploadedAt }) => ({ type, url, uploadedAt }))
    : [];
