/**
 * The entries of a list as they arrive: bare, or under `data`, which may also hold one thing alone. Only one entry and the
 * small rest of the envelope are in memory.
 */
import { pipeline, Readable } from 'node:stream';

import Assembler from 'stream-json/Assembler';
import { parser } from 'stream-json/Parser';

import { openEnvelope, toList } from './envelope';

interface Token {
  name: string;
  value?: string;
}

/** Where in the document the walk is: before it, in a bare list, in the envelope, or in the envelope's list. */
type Place = 'start' | 'list' | 'envelope' | 'data';

class EntryWalk {
  readonly fields: Record<string, unknown> = {};
  /** True when the entries came in a list; else they are in `fields`. */
  hasList = false;
  private place: Place = 'start';
  private key = '';
  private building: Assembler | undefined;

  /** Takes a token; returns the entry it completes, in a list of its own. */
  take(token: Token): [entry: unknown] | undefined {
    if (this.building === undefined) {
      if (token.name === 'keyValue' && this.place === 'envelope') {
        this.key = token.value ?? '';
        return undefined;
      }
      if (this.enterOrLeave(token)) return undefined;
      this.building = new Assembler();
    }
    this.building.consume(token);
    if (!this.building.done) return undefined;
    const value: unknown = this.building.current;
    this.building = undefined;
    if (this.place === 'list' || this.place === 'data') return [value];
    // A document that is one bare value holds no entry; it fails where its fields are read.
    this.fields[this.place === 'envelope' ? this.key : 'data'] = value;
    return undefined;
  }

  private enterOrLeave({ name }: Token): boolean {
    if (this.place === 'start' && name === 'startArray') return this.enter('list');
    if (this.place === 'start' && name === 'startObject') return this.enter('envelope');
    if (this.place === 'envelope' && this.key === 'data' && name === 'startArray') return this.enter('data');
    if (this.place === 'data' && name === 'endArray') {
      this.place = 'envelope';
      return true;
    }
    return (
      (this.place === 'list' && name === 'endArray') || (this.place === 'envelope' && name === 'endObject')
    );
  }

  private enter(place: Place): true {
    this.place = place;
    if (place !== 'envelope') this.hasList = true;
    return true;
  }
}

/** What stood around the entries, once all have been read. */
export interface EntryEnvelope {
  success: boolean | null;
  code: string | null;
  message: string | null;
}

/** Text that is no JSON, or was cut off without the connection saying so. */
export class UnreadableStreamError extends Error {
  override name = 'UnreadableStreamError';
}

/**
 * Yields the entries, returns the envelope. Throws what `pieces` throws, and UnreadableStreamError. After a `success: false`
 * nothing more is yielded.
 */
export async function* streamEntries(pieces: AsyncIterable<Buffer>): AsyncGenerator<unknown, EntryEnvelope> {
  const tokens = parser({ streamValues: false });
  let failure: Error | undefined;
  const source = Readable.from(pieces, { objectMode: false });
  source.once('error', (error) => (failure = error));
  pipeline(source, tokens, () => undefined);
  const walk = new EntryWalk();
  try {
    for await (const token of tokens as AsyncIterable<Token>) {
      const entry = walk.take(token);
      if (entry !== undefined && openEnvelope(walk.fields).success !== false) yield entry[0];
    }
  } catch (error) {
    throw failure ?? new UnreadableStreamError('no JSON, or cut off', { cause: error });
  }
  const { success, code, message, data } = openEnvelope(walk.fields);
  if (!walk.hasList && success !== false) yield* toList(data);
  return { success, code, message };
}
