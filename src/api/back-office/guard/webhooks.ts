import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { notFound } from '../../../domain/refusal';

interface Webhooks {
  triggerWebhook(ctx: Context): Promise<void>;
}
interface WebhookStore {
  findWebhook(id: string): Promise<object | null>;
}

/** Strapi's button that tries a webhook breaks on one that is not there. Call in `register`. */
export function guardWebhooks(strapi: Core.Strapi): void {
  // Strapi types neither.
  const webhooks = strapi.controller('admin::webhooks') as unknown as Webhooks;
  const { triggerWebhook } = webhooks;
  webhooks.triggerWebhook = async (ctx) => {
    const store = strapi.get('webhookStore') as WebhookStore;
    if ((await store.findWebhook(String(ctx.params.id))) === null) throw notFound();
    await triggerWebhook(ctx);
  };
}
