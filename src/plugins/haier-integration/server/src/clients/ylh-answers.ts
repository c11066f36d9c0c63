/** What YLH answers (contract, 2.2 to 2.6). */
import { z } from 'zod';

import { readTime } from '../domain/beijing-time';
import { anything, key, listOf, text } from './answers';
import type { DeliveryImage, YlhTracking } from './contract';

/** 2.2; both may be missing from a refusal. */
export const createdSchema = z
  .object({ retailOrderNo: text, soId: text })
  .nullish()
  .catch(null)
  .transform((data) => data ?? { retailOrderNo: null, soId: null });

const IMAGE_TYPES: Record<string, DeliveryImage['type']> = { 配送照片: 'delivery', 安装照片: 'installation' };

/** 2.5. */
export const imageSchema = z
  .object({ imageType: text, imageUrl: key, uploadTime: anything.transform(readTime) })
  .transform(({ imageType, imageUrl, uploadTime }) => ({
    type: IMAGE_TYPES[imageType ?? ''] ?? ('other' as const),
    url: imageUrl,
    uploadedAt: uploadTime,
  }));

const parcelSchema = z.object({ logisticsCompany: text, logisticsNo: text, snCode: text });

/** 2.6. An entry of the list without a tracking number is none yet. */
export const trackingSchema = z
  .object({
    orderCode: key,
    deliveryRecordCode: text,
    logisticsList: listOf(parcelSchema).catch([]),
  })
  .transform(({ orderCode, deliveryRecordCode, logisticsList }): YlhTracking => ({
    orderCode,
    deliveryRecordCode,
    parcels: logisticsList.flatMap(({ logisticsCompany, logisticsNo, snCode }) =>
      logisticsNo === null
        ? []
        : [{ company: logisticsCompany, trackingNumber: logisticsNo, serialNumber: snCode }],
    ),
  }));
