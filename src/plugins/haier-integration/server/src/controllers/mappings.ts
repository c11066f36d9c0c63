import type { Context } from 'koa';

import { requirePort } from '../domain/connection';
import { mappingQuerySchema, mappingsSchema } from '../domain/mapping';
import { getService } from '../plugin-services';
import { connectedPorts } from '../ports';
import { listed, parseBody, parseQuery } from './request';

const catalogue = () => requirePort(connectedPorts(), 'catalogue');

export default {
  async find(ctx: Context) {
    const query = parseQuery(mappingQuerySchema, ctx);
    const mappings = getService('mappings');
    const [{ rows, total }, targets] = await Promise.all([
      mappings.list(query),
      mappings.listTargets(catalogue()),
    ]);
    const { data, meta } = listed(rows, { ...query, total });
    return { data, meta: { ...meta, targets } };
  },

  async update(ctx: Context) {
    const { mappings: changes } = parseBody(mappingsSchema, ctx);
    const mappings = getService('mappings');
    await mappings.save(changes, await mappings.listTargets(catalogue()));
    return { data: { saved: changes.length }, meta: {} };
  },
};
