/** What travels between the processes, and who may see it. */
import { z } from 'zod';

/** The users with these ids, and everybody in one of these groups. */
export interface Audience {
  users: number[];
  groups: string[];
}

/** Somebody who has shown a token and listens. */
export interface Viewer {
  userId: number;
  sessionId: string;
  groups: string[];
  /** When the token ends. */
  expiresAtMs: number;
}

/** A message for an audience; `at` is when it happened, ISO 8601 UTC. */
export interface PushEvent {
  type: string;
  data: unknown;
  at: string;
  audience: Audience;
}

const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    users: z.array(z.number()),
    groups: z.array(z.string()),
    /** The message as JSON, without its id. */
    text: z.string().startsWith('{'),
  }),
  /** The sessions of this user are to be looked at again. */
  z.object({ kind: z.literal('check'), userId: z.number() }),
  /** Something here is not known: whoever listens across it must read anew. */
  z.object({ kind: z.literal('gap') }),
]);

export type Entry = z.infer<typeof entrySchema>;
export type EventEntry = Extract<Entry, { kind: 'event' }>;

export const toEntry = ({ audience, type, data, at }: PushEvent): Entry => ({
  kind: 'event',
  ...audience,
  text: JSON.stringify({ type, data, at }),
});

/** An entry as it was written by a process of the shop; anything else counts as a gap. */
export function readEntry(text: string | undefined): Entry {
  try {
    return entrySchema.parse(JSON.parse(text ?? ''));
  } catch {
    return { kind: 'gap' };
  }
}

export const isFor = ({ users, groups }: Audience, viewer: Viewer): boolean =>
  users.includes(viewer.userId) || groups.some((group) => viewer.groups.includes(group));

/** The message as the client gets it, with the id it may resume from. */
export const messageOf = (id: string, { text }: EventEntry): string =>
  `{"id":${JSON.stringify(id)},${text.slice(1)}`;
