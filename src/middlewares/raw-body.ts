import type { Core } from '@strapi/strapi';

import { readBody } from '../platform/http/body-trace';
import { isRawBodyPath } from '../platform/http/paths';

/** WeChat's notifications are about 2 KB, YLH's call-backs 1 KB; whoever sends more is somebody else. */
const MAX_RAW_BODY_BYTES = 64 * 1024;

/**
 * Keeps the exact bytes of signed call-backs in `ctx.state.rawBody`, and of what is too large for one its trace in
 * `ctx.state.oversizedBody`. Stands before Strapi's body parser, which would consume the stream; a body parsed and
 * printed again is not the body that was signed.
 */
const rawBody: Core.MiddlewareFactory = () => async (ctx, next) => {
  if (ctx.method === 'POST' && isRawBodyPath(ctx.path)) {
    const body = await readBody(ctx.req, MAX_RAW_BODY_BYTES);
    // What is too large goes on as well: only the route knows whose inbox it is noted in.
    if (Buffer.isBuffer(body)) ctx.state.rawBody = body;
    else ctx.state.oversizedBody = body;
    ctx.state.isRawBody = true;
    // koa-body leaves alone what has no body left to read only if it is told that there is none.
    ctx.req.headers['content-length'] = '0';
    delete ctx.req.headers['content-type'];
    delete ctx.req.headers['transfer-encoding'];
  }
  await next();
};

export default rawBody;
