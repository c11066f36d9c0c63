import type { Context } from 'koa';

import { getService } from '../plugin-services';
import type { IncomingCallback } from '../services/callbacks';

/** YLH's call-backs are about 1 KB; whoever sends more is somebody else. */
const MAX_BODY_BYTES = 64 * 1024;

/** What is left of a body that a door in front has cut. */
const beginningOf = (trace: unknown): string => {
  const { beginning } = (trace ?? {}) as { beginning?: unknown };
  return Buffer.isBuffer(beginning) ? beginning.toString('utf8') : '';
};

function asText(form: Record<string, unknown>): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(form))
    text.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  return text.toString();
}

/**
 * The body as it came. A shop may keep the bytes in `ctx.state.rawBody`, or what is left of too many of them in
 * `ctx.state.oversizedBody`; without such a door Strapi's parser has read the form.
 */
function readIncoming(ctx: Context): IncomingCallback {
  const state = ctx.state as { rawBody?: unknown; oversizedBody?: unknown };
  if (state.oversizedBody !== undefined)
    return { rawBody: beginningOf(state.oversizedBody), isOversized: true };
  if (Buffer.isBuffer(state.rawBody)) return { rawBody: state.rawBody.toString('utf8') };
  // Koa's type does not know of the parsed body.
  const { body } = ctx.request as { body?: unknown };
  const isForm = typeof body === 'object' && body !== null && !Array.isArray(body);
  const form = isForm ? (body as Record<string, unknown>) : {};
  const rawBody = asText(form);
  return { rawBody, form, isOversized: Buffer.byteLength(rawBody) > MAX_BODY_BYTES };
}

export default {
  async take(ctx: Context) {
    ctx.status = 200;
    ctx.body = await getService('callbacks').take(readIncoming(ctx));
  },
};
