import type { Core } from '@strapi/strapi';

import { settings } from '../../config/environment';
import { validationFailed } from '../domain/refusal';
import { createEntrance } from '../platform/http';

/** A year, the least that browsers keep in their lists. Other hosts of the domain are somebody else's matter. */
const HSTS = 'max-age=31536000';

/**
 * Refuses hosts that are not the shop's, sends whoever came by http to https, and tells browsers to come that way. Stands
 * behind the errors, which give a refusal its shape, and before everything that would answer.
 */
const entrance: Core.MiddlewareFactory = () => {
  const { PUBLIC_URL, ALLOWED_HOSTS, TRUST_PROXY } = settings();
  const judge = createEntrance({
    publicUrl: PUBLIC_URL,
    allowedHosts: ALLOWED_HOSTS,
    trustProxy: TRUST_PROXY,
  });
  return async (ctx, next) => {
    const { verdict, isSecure } = judge(ctx.req);
    if (verdict === 'stranger') {
      throw validationFailed([{ path: ['Host'], message: 'is not an address of this shop' }], {
        zh: '该域名不属于本店',
        en: 'This host is not an address of the shop',
      });
    }
    if (verdict === 'redirect') {
      // 308 keeps method and body. Never to the host the caller named.
      ctx.status = 308;
      ctx.set('Location', new URL(PUBLIC_URL).origin + ctx.url);
      ctx.body = '';
      return;
    }
    if (isSecure) {
      ctx.set('Strict-Transport-Security', HSTS);
      // Koa believes no proxy; the panel's cookies are marked Secure by what it thinks the scheme is.
      Object.defineProperty(ctx.request, 'protocol', { value: 'https' });
    }
    await next();
  };
};

export default entrance;
