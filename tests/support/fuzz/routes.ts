/** Every path the running shop answers at, as its own router knows them. */
import type { TestApp } from '../app';

export interface FuzzRoute {
  path: string;
  /** Those its router has. */
  methods: string[];
}

/** Beside the router: what middlewares and the server itself answer. */
const OTHERS = [
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/ws',
  '/favicon.ico',
  '/uploads/:file',
  '/admin',
  '/api',
  '/api/v1',
  '/:anything',
];
/** Told by what they are for: they end the session that is used for the rest, or start what runs for minutes. */
const LEFT_OUT = /^\/admin\/(?:logout|transfer)|\/users\/logout$/;

export function fuzzRoutes({ strapi }: TestApp): FuzzRoute[] {
  const byPath = new Map<string, Set<string>>(OTHERS.map((path) => [path, new Set(['GET'])]));
  const layers = strapi.server.listRoutes() as unknown as { path: string | RegExp; methods: string[] }[];
  for (const { path, methods } of layers) {
    if (typeof path !== 'string' || methods.length === 0 || LEFT_OUT.test(path)) continue;
    // What a route captures in brackets is named by what stands before them.
    const plain = path.replace(/\([^)]*\)[*+?]?/g, '');
    const known = byPath.get(plain) ?? new Set<string>();
    for (const method of methods) known.add(method);
    byPath.set(plain, known);
  }
  return [...byPath].map(([path, methods]) => ({ path, methods: [...methods] }));
}
