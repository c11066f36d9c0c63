import type { Core } from '@strapi/strapi';
import type { IncomingMessage } from 'node:http';

import { Refusal } from '../domain/refusal';
import { isRawBodyPath } from '../platform/http/paths';

/** WeChat's notifications are about 2 KB; whoever sends more is somebody else. */
const MAX_RAW_BODY_BYTES = 64 * 1024;

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A plain loop would destroy the request when it is left early, and the connection with it: no answer could be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_RAW_BODY_BYTES) throw new Refusal('PAYLOAD_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Keeps the exact bytes of signed call-backs in `ctx.state.rawBody`. Stands before Strapi's body parser, which would
 * consume the stream; a body parsed and printed again is not the body that was signed.
 */
const rawBody: Core.MiddlewareFactory = () => async (ctx, next) => {
  if (ctx.method === 'POST' && isRawBodyPath(ctx.path)) {
    ctx.state.rawBody = await readBytes(ctx.req);
    ctx.state.isRawBody = true;
    // koa-body leaves alone what has no body left to read only if it is told that there is none.
    ctx.req.headers['content-length'] = '0';
    delete ctx.req.headers['content-type'];
    delete ctx.req.headers['transfer-encoding'];
  }
  await next();
};

export default rawBody;
