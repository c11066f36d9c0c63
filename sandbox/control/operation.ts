import type { z } from 'zod';

/** One operation: a GET reads, a POST does something with a checked JSON body. */
export type Operation = (body: unknown) => unknown;

export type Operations = Record<string, Operation>;

/** An operation whose body is checked first; throws ZodError. */
export function posts<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.infer<Schema>) => unknown,
): Operation {
  return (body) => run(schema.parse(body));
}
