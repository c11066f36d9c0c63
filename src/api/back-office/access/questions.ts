import { contentTypes, traverse } from '@strapi/utils';

import { Refusal } from '../../../domain/refusal';
import { type Condition, lookUp } from './looked-up';
import { type Ability, mayRead } from './reader';
import { isForDelivery } from './secret-fields';

type Query = Record<string, unknown>;
type Visitor = Parameters<typeof traverse.traverseQueryFilters>[0];
type Traversal = Parameters<typeof traverse.traverseQueryFilters>[1];

const TRAVERSALS = {
  filters: traverse.traverseQueryFilters,
  sort: traverse.traverseQuerySort,
  fields: traverse.traverseQueryFields,
  populate: traverse.traverseQueryPopulate,
};
const PARTS = Object.keys(TRAVERSALS) as (keyof typeof TRAVERSALS)[];

function refuse(field: string): Refusal {
  const both = `没有权限按“${field}”查询 / You may not ask by "${field}"`;
  return new Refusal('FORBIDDEN', { sentence: { zh: both, en: both } });
}

/**
 * Refuses a question about fields its asker may not be told, at any depth: an answer that only says how many there are
 * gives them away letter by letter. `isPointedAt`: asked of rows that another one points at. Throws FORBIDDEN.
 */
export async function checkQuestion(
  ability: Ability,
  uid: string,
  query: Query,
  isPointedAt: boolean,
): Promise<void> {
  const getModel: Traversal['getModel'] = (target) => strapi.getModel(target as never) as never;
  const check = async (
    schema: Traversal['schema'],
    part: keyof typeof TRAVERSALS,
    value: unknown,
    isRelated: boolean,
  ) => {
    // Strapi waits for its visitors, whatever their type says.
    const visitor = (async ({ key, attribute, schema: owner, value: inner, path }) => {
      if (attribute === undefined || attribute === null) {
        // Inside a selection: what is selected may be filtered and sorted in turn.
        if (part === 'populate' && key !== 'populate' && key in TRAVERSALS)
          await check(owner, key as keyof typeof TRAVERSALS, inner, true);
        return;
      }
      const isAway = isRelated || path.attribute !== key;
      if (!mayRead(ability, owner.uid, key) || (isAway && isForDelivery(owner.uid, key))) throw refuse(key);
    }) as Visitor;
    await TRAVERSALS[part](visitor, { schema, getModel }, value);
  };
  for (const part of PARTS) {
    if (query[part] !== undefined) await check(getModel(uid), part, query[part], isPointedAt);
  }
}

interface Searched {
  type: string;
  searchable?: boolean;
}

/**
 * Lets a search look into what its asker may read, and in lists that grow with every order only for what is looked up there.
 * Strapi looks into every text of the table; where that is more, the search becomes a filter over the rest.
 */
export function narrowSearch(ability: Ability, uid: string, query: Query): void {
  const { _q: search } = query;
  if (typeof search !== 'string' || search === '') return;
  const mayAsk = (field: string): boolean => mayRead(ability, uid, field);
  const looked = lookUp(uid, search, mayAsk);
  if (looked !== undefined) {
    // Every number begins with nothing.
    if (search.trim() === '') delete query._q;
    else searchFor(query, looked);
    return;
  }
  const { attributes } = strapi.getModel(uid as never) as unknown as { attributes: Record<string, Searched> };
  const searched = Object.entries(attributes).filter(
    ([, attribute]) => contentTypes.isScalarAttribute(attribute as never) && attribute.searchable !== false,
  );
  if (searched.every(([name]) => mayAsk(name))) return;
  searchFor(
    query,
    searched
      .filter(([name, { type }]) => TEXTS.has(type) && mayAsk(name))
      .map(([name]) => ({ [name]: { $containsi: search } })),
  );
}

/** Puts a search into the filters of its question. */
function searchFor(query: Query, conditions: Condition[]): void {
  delete query._q;
  // Nothing to look into finds nothing.
  const found = conditions.length > 0 ? { $or: conditions } : { id: { $null: true } };
  query.filters = query.filters === undefined ? found : { $and: [query.filters, found] };
}

const TEXTS: ReadonlySet<string> = new Set(['string', 'text', 'richtext', 'email', 'uid', 'enumeration']);
