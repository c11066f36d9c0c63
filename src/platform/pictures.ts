import { connectionFor } from './database';
import { publicUrl } from './http/public-url';
import { createReader } from './read-together';

/** Which pictures to read: those of these rows of a content type, in this media attribute. */
export interface PictureRequest {
  uid: string;
  field: string;
  ids: number[];
}

export interface PictureFormat {
  url: string;
  width: number | null;
  height: number | null;
}

/** A picture as every answer shows it. Addresses are absolute, for a mini-program has no page they could be relative to. */
export interface Picture extends PictureFormat {
  alternativeText: string | null;
  formats?: Record<string, PictureFormat>;
}

interface PictureRow {
  related_type: string;
  field: string;
  related_id: number;
  url: string;
  width: number | null;
  height: number | null;
  alternative_text: string | null;
  formats: unknown;
}

/** The pictures that were read, in the order staff gave them. */
export interface Pictures {
  of(uid: string, field: string, id: number | null | undefined): Picture[];
}

function readFormats(value: unknown): Record<string, PictureFormat> | undefined {
  // PostgreSQL hands over jsonb as text, because Strapi turned its parser off.
  const formats: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (typeof formats !== 'object' || formats === null) return undefined;
  const entries = Object.entries(formats as Record<string, Partial<PictureFormat>>).flatMap(
    ([name, format]) =>
      typeof format.url === 'string'
        ? [
            [
              name,
              { url: publicUrl(format.url), width: format.width ?? null, height: format.height ?? null },
            ] as const,
          ]
        : [],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function toPicture(row: PictureRow): Picture {
  const formats = readFormats(row.formats);
  return {
    url: publicUrl(row.url),
    width: row.width,
    height: row.height,
    alternativeText: row.alternative_text,
    ...(formats === undefined ? {} : { formats }),
  };
}

const keyOf = (uid: string, field: string, id: number): string => `${uid} ${field} ${id}`;

async function selectPictures(asked: PictureRequest[]): Promise<PictureRow[]> {
  return (
    (await connectionFor()('files_related_mph as related')
      .join('files', 'files.id', 'related.file_id')
      // Said twice so that the index on the id is used whatever the conditions below are.
      .whereIn('related.related_id', [...new Set(asked.flatMap(({ ids }) => ids))])
      .where((any) => {
        for (const { uid, field, ids } of asked) {
          any.orWhere((all) =>
            all
              .where({ 'related.related_type': uid, 'related.field': field })
              .whereIn('related.related_id', ids),
          );
        }
      })
      .orderBy(['related.order', 'related.id'])
      .select(
        'related.related_type',
        'related.field',
        'related.related_id',
        'files.url',
        'files.width',
        'files.height',
        'files.alternative_text',
        'files.formats',
      )) as PictureRow[]
  );
}

/** One request for each attribute of each content type, however many asked for it. */
function merge(requests: PictureRequest[]): PictureRequest[] {
  const merged = new Map<string, { uid: string; field: string; ids: Set<number> }>();
  for (const { uid, field, ids } of requests) {
    const known = merged.get(`${uid} ${field}`) ?? { uid, field, ids: new Set() };
    for (const id of ids) known.ids.add(id);
    merged.set(`${uid} ${field}`, known);
  }
  return [...merged.values()].map(({ ids, ...rest }) => ({ ...rest, ids: [...ids] }));
}

const askForPictures = createReader<PictureRequest[], Pictures>({
  name: 'pictures',
  // A list of a hundred products asks for five hundred values.
  maxSize: 40,
  work: async (questions) => {
    const found = new Map<string, Picture[]>();
    for (const row of await selectPictures(merge(questions.flat()))) {
      const key = keyOf(row.related_type, row.field, row.related_id);
      const known = found.get(key);
      if (known === undefined) found.set(key, [toPicture(row)]);
      else known.push(toPicture(row));
    }
    const pictures: Pictures = {
      of: (uid, field, id) => (id == null ? [] : (found.get(keyOf(uid, field, id)) ?? [])),
    };
    return questions.map(() => pictures);
  },
});

const NO_PICTURES: Pictures = { of: () => [] };

/**
 * Reads the pictures of many rows, also of several content types, with one statement, which requests that come at the same time
 * share; none when nothing is asked. Pictures of rows that were not asked for may be among them.
 */
export async function readPictures(requests: PictureRequest[]): Promise<Pictures> {
  const asked = requests.filter(({ ids }) => ids.length > 0);
  return asked.length === 0 ? NO_PICTURES : askForPictures(asked);
}
