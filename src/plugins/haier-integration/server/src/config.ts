/** What the shop configures in `config/plugins.ts`. */
import type { Core } from '@strapi/strapi';
import { z } from 'zod';

import { PLUGIN_ID } from './constants';

const partial = z.record(z.string(), z.record(z.string(), z.unknown()));

export const configSchema = z.strictObject({
  /** Settings from the environment; what is kept on the settings page wins, field by field. */
  settings: partial.default({}),
  /** Whether this process runs syncs and their schedules. */
  runsJobs: z.boolean().default(true),
  /** Shares call limits and caches over processes; without it each process keeps its own. */
  redisUrl: z.string().optional(),
  /** The shop's own address, e.g. `https://shop.example`, for the address YLH is to call; with Strapi's REST prefix. */
  publicUrl: z.string().optional(),
  /** Calls a second, all processes together, that the open platform documents. */
  callsPerSecond: z.number().int().min(1).max(1_000).default(100),
  /** How long an answer may take, in milliseconds; the open platform documents thirty seconds. */
  timeoutMs: z.number().int().min(100).max(300_000).default(30_000),
});

export type HaierIntegrationConfig = z.infer<typeof configSchema>;

/** What is configured, with the defaults; the validator has seen it at start. */
export const readConfig = (strapi: Core.Strapi): HaierIntegrationConfig =>
  configSchema.parse(strapi.config.get(`plugin::${PLUGIN_ID}`, {}));

export default {
  default: {},
  validator(config: unknown): void {
    const parsed = configSchema.safeParse(config);
    if (parsed.success) return;
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new Error(`haier-integration: the configuration is not right: ${problems.join('; ')}`);
  },
};
