import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { notFound, Refusal } from '../../../domain/refusal';
import { onContentManagerRoutes, type PanelRoute } from '../content-manager-routes';
import { trimAnswer } from './answers';
import { checkQuestion, narrowSearch } from './questions';
import { type Ability, mayRead } from './reader';

const DOCUMENTS = /^\/(?:collection|single)-types\/:model(?:\/|$)/;
const RELATIONS = /^\/relations\/:model\//;

const abilityOf = (ctx: Context): Ability => ctx.state.userAbility as Ability;

/** Strapi's own query object, which its controllers read after us; Koa's type allows for less. */
const queryOf = (ctx: Context): Record<string, unknown> => ctx.query as Record<string, unknown>;

async function readDocuments(ctx: Context, next: Next): Promise<void> {
  const uid = String(ctx.params.model);
  // An unknown type is for Strapi to refuse.
  if (strapi.getModel(uid as never) === undefined) return next() as Promise<void>;
  await checkQuestion(abilityOf(ctx), uid, queryOf(ctx), false);
  narrowSearch(abilityOf(ctx), uid, queryOf(ctx));
  await next();
  ctx.body = await trimAnswer(abilityOf(ctx), uid, ctx.body, false);
}

/** Relations Strapi keeps for itself, on every type: no form shows them, and its relations' routes fail on them. */
const UNSHOWN: ReadonlySet<string> = new Set(['createdBy', 'updatedBy', 'localizations']);

/** The type a relation of a form points at. Throws NOT_FOUND. */
function targetOf(uid: string, field: string): string {
  const model = strapi.getModel(uid as never) as
    { attributes: Record<string, { target?: string } | undefined> } | undefined;
  const target = Object.hasOwn(model?.attributes ?? {}, field) ? model?.attributes[field]?.target : undefined;
  if (target === undefined || UNSHOWN.has(field)) throw notFound();
  return target;
}

async function readRelations(ctx: Context, next: Next): Promise<void> {
  const [uid, field] = [String(ctx.params.model), String(ctx.params.targetField)];
  const target = targetOf(uid, field);
  // Strapi means to refuse this too, but goes on and answers with a 500.
  if (!mayRead(abilityOf(ctx), uid, field)) throw new Refusal('FORBIDDEN');
  const query = queryOf(ctx);
  // What is told of a related row is not for the asker to choose.
  delete query.fields;
  delete query.populate;
  await checkQuestion(abilityOf(ctx), target, query, true);
  await next();
  ctx.body = await trimAnswer(abilityOf(ctx), target, ctx.body, true);
}

/**
 * Stands between the content manager and its readers, whatever their role: no question about what they may not be told,
 * and nothing of it in an answer. Call in `register`, before what completes answers.
 */
export function guardReading(strapi: Core.Strapi): void {
  const on = (pattern: RegExp) => (route: PanelRoute) => pattern.test(route.path);
  onContentManagerRoutes(strapi, on(DOCUMENTS), readDocuments);
  onContentManagerRoutes(strapi, on(RELATIONS), readRelations);
}
