import type { ServerResponse } from 'node:http';

import type { Wanted } from './answer-cache';

/** What a whole passage through the stack answered with, so that the next one can be spared. */
export interface Served {
  /** How the answer is found again, or made anew. */
  wanted: Wanted;
  /** The pattern of the route that answered, for metrics and logs. */
  route: string;
  /** What belongs to every giving of the answer, as counting a look at a product. */
  afterServe?: () => void;
}

const served = new WeakMap<ServerResponse, Served>();

export const noteServed = (response: ServerResponse, what: Served): void => void served.set(response, what);
export const servedBy = (response: ServerResponse): Served | undefined => served.get(response);

/** What was found out about a request before the stack was asked after all. */
export interface Tried {
  /** Its caller has been counted. */
  isCounted: boolean;
  /** Why it could not be read; it is not read a second time. */
  failure?: Error;
}

const tried = new WeakMap<ServerResponse, Tried>();

export const noteTried = (response: ServerResponse, what: Tried): void => void tried.set(response, what);
export const triedBefore = (response: ServerResponse): Tried | undefined => tried.get(response);
