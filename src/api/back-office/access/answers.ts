import { traverseEntity } from '@strapi/utils';

import { type Ability, mayRead } from './reader';
import { isForDelivery, maskForList } from './secret-fields';

type Row = Record<string, unknown>;
type Traversal = Parameters<typeof traverseEntity>[1];

/** Where the content manager puts rows: lists, one document, deleted ones. */
const PLACES = ['results', 'data', 'entries'] as const;

/**
 * A row as its reader may see it. Strapi asks for rights on the fields of the row itself; on rows it points at, at any
 * depth, it does not, so they are asked for here, each with the rights on its own type. `shownAs`: on the page of its own,
 * as one of a list, or as one that another row points at.
 */
async function readable(
  ability: Ability,
  uid: string,
  row: Row,
  shownAs: 'page' | 'line' | 'relation',
): Promise<Row> {
  const options = {
    schema: strapi.getModel(uid as never),
    getModel: (target: string) => strapi.getModel(target as never),
  } as unknown as Traversal; // Strapi's models fit; its two types for them do not.
  const seen: unknown = await traverseEntity(
    ({ attribute, key, schema, path, value }, { remove, set }) => {
      if (attribute === undefined) return;
      const isRoot = path.attribute === key && shownAs !== 'relation';
      if (!mayRead(isRoot ? ANYBODY : ability, schema.uid, key)) return remove(key);
      if (!isForDelivery(schema.uid, key) || (isRoot && shownAs === 'page')) return;
      const mask = isRoot ? maskForList(schema.uid, key, value) : undefined;
      if (mask === undefined) remove(key);
      else set(key, mask as never);
    },
    options,
    row as never,
  );
  return seen as Row;
}

/** For the fields of the row itself, where Strapi has asked already: what is left out is what nobody is told. */
const ANYBODY: Ability = { can: () => true };

/** Takes out of an answer of the content manager what its reader may not be told. */
export async function trimAnswer(
  ability: Ability,
  uid: string,
  body: unknown,
  isPointedAt: boolean,
): Promise<unknown> {
  if (typeof body !== 'object' || body === null) return body;
  const trimmed: Row = { ...body };
  for (const place of PLACES) {
    const rows = trimmed[place];
    if (Array.isArray(rows))
      trimmed[place] = await Promise.all(
        rows.map((row) => readable(ability, uid, row as Row, isPointedAt ? 'relation' : 'line')),
      );
    else if (typeof rows === 'object' && rows !== null)
      trimmed[place] = await readable(ability, uid, rows as Row, isPointedAt ? 'relation' : 'page');
  }
  return trimmed;
}
