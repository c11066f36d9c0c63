import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';

import contentTypes from './content-types';
import { PLUGIN_ID } from './constants';

const OURS: ReadonlySet<string> = new Set(
  Object.keys(contentTypes).map((name) => `plugin::${PLUGIN_ID}.${name}`),
);

/**
 * Refuses everything that comes to the plugin's tables through Strapi's document service, reading included: the content
 * manager hides these types from its lists and still answers for them to whoever may see everything. The plugin's own services
 * use the tables directly. Call in `register`.
 */
export function guardTables(strapi: Core.Strapi): void {
  strapi.documents.use((context, next) => {
    // The type of `uid` is the list of generated content types.
    const uid: string = context.uid;
    if (OURS.has(uid))
      throw new errors.ForbiddenError(
        '这些数据只能在“海尔与易理货”页面查看和修改 / This data is seen and changed on the pages of Haier & YLH only',
      );
    return next();
  });
}
