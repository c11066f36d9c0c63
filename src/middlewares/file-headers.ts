import type { Core } from '@strapi/strapi';

import { setFileHeaders } from '../platform/uploads';

/** As the router takes it: without regard to case. */
const UPLOADED = /^\/uploads\//i;

/** Uploaded files that are served from the folder, whatever provider took them, run nothing in anybody's name. */
const fileHeaders: Core.MiddlewareFactory = () => async (ctx, next) => {
  await next();
  if (UPLOADED.test(ctx.path) && ctx.status < 400) setFileHeaders(ctx.res, decodeURIComponent(ctx.path));
};

export default fileHeaders;
