import type { Core } from '@strapi/strapi';

import { Refusal, type Sentence } from '../../../domain/refusal';
import { isApiPath } from '../../../platform/http/paths';
import { GUARDED_TYPES, USER_DELETE_SENTENCE, USER_UID } from './guarded-types';

/** What only looks. Any other action, also one a later Strapi adds, is taken for a write. */
const READ_ACTIONS: ReadonlySet<string> = new Set(['findOne', 'findMany', 'findFirst', 'count']);

/** In both languages, Chinese first: the panel does not say which one its user reads. */
export function refuseWrite({ zh, en }: Sentence): Refusal {
  const both = `${zh} / ${en}`;
  return new Refusal('FORBIDDEN', { sentence: { zh: both, en: both } });
}

function isPanelRequest(strapi: Core.Strapi): boolean {
  const ctx = strapi.requestContext.get();
  return ctx !== undefined && !isApiPath(ctx.path);
}

/**
 * Refuses every write that would go around the one writer of a fact, whoever asks: the content manager, its bulk
 * actions, an API token, a script. Call in `register`, before anything can write.
 */
export function guardDocuments(strapi: Core.Strapi): void {
  strapi.documents.use((context, next) => {
    // The type of `uid` is the list of generated content types; the table is looked up by any text.
    const uid: string = context.uid;
    if (READ_ACTIONS.has(context.action)) return next();
    const sentence = GUARDED_TYPES[uid];
    if (sentence !== undefined) throw refuseWrite(sentence);
    if (uid === USER_UID && context.action === 'delete' && isPanelRequest(strapi))
      throw refuseWrite(USER_DELETE_SENTENCE);
    return next();
  });
}
