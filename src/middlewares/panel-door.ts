import type { Core } from '@strapi/strapi';
import { z } from 'zod';

import { notFound, validationFailed } from '../domain/refusal';
import { isApiPath } from '../platform/http/paths';

const text = z.string();

/** Bodies whose parts Strapi's own routes take for granted, by method and path. */
const FORMS = new Map<string, z.ZodType>([
  ['POST /admin/permissions/check', z.object({ permissions: z.array(z.looseObject({ action: text })) })],
  [
    'PUT /users-permissions/email-templates',
    z.object({
      'email-templates': z.record(text, z.looseObject({ options: z.looseObject({ message: text }) })),
    }),
  ],
]);

const routeOf = (method: string, path: string): string =>
  `${method} ${path.toLowerCase().replace(/(?<=.)\/+$/, '')}`;

/** Strapi looks types up by a part of the path, and takes what every object has for one of them. */
const namesPrototype = (path: string): boolean => path.split('/').some((part) => part !== '' && part in {});

/**
 * Refuses what Strapi's own panel routes would break on instead of refusing it: a search that is no text, forms without what they are
 * made of. Who may call them they decide themselves, afterwards.
 */
const panelDoor: Core.MiddlewareFactory = () => async (ctx, next) => {
  if (!isApiPath(ctx.path)) {
    if (namesPrototype(ctx.path)) throw notFound();
    // Strapi has parsed the query; Koa's type knows of texts alone.
    const { _q: search } = ctx.query as Record<string, unknown>;
    if (search !== undefined && typeof search !== 'string')
      throw validationFailed([{ path: ['_q'], message: 'must be a text' }]);
    const form = FORMS.get(routeOf(ctx.method, ctx.path));
    const problems = form?.safeParse(ctx.request.body).error?.issues ?? [];
    if (problems.length > 0)
      throw validationFailed(
        problems.map(({ path, message }) => ({ path: path.map((part) => String(part)), message })),
      );
  }
  await next();
};

export default panelDoor;
