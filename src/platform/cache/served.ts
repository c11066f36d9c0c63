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
