/** What a brand or product group of Haier stands for in the shop. */
import { z } from 'zod';

import { pagingShape } from './paging';

export const MAPPING_KINDS = ['brand', 'category'] as const;
export type MappingKind = (typeof MAPPING_KINDS)[number];

export interface Mapping {
  id: number;
  kind: MappingKind;
  haierName: string;
  /** documentId of the shop's brand or category; null: nobody has decided yet. */
  target: string | null;
  /** When a sync last met the name. */
  seenAt: string | null;
}

export const mappingQuerySchema = z.strictObject({
  ...pagingShape,
  kind: z.enum(MAPPING_KINDS).optional(),
  /** Only names nobody has decided on. */
  unmapped: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  /** Part of a name. */
  search: z.string().trim().min(1).max(100).optional(),
});
export type MappingQuery = z.infer<typeof mappingQuerySchema>;

const MOST_AT_ONCE = 500;

export const mappingsSchema = z.strictObject({
  mappings: z
    .array(
      z.strictObject({
        kind: z.enum(MAPPING_KINDS),
        haierName: z.string().trim().min(1).max(200),
        target: z.string().trim().min(1).max(64).nullable(),
      }),
    )
    .min(1)
    .max(MOST_AT_ONCE),
});
export type MappingChange = z.infer<typeof mappingsSchema>['mappings'][number];
