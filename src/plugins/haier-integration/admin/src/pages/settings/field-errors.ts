/** The server's words about single fields of a refused form, by `part.field`. */
interface Refused {
  details?: { errors?: { path?: (string | number)[]; message?: string }[] };
}

export function fieldErrors(error: unknown): Record<string, string> {
  // The shape of every refusal of the plugin; anything else has no errors of fields.
  const { details } = (error ?? {}) as Refused;
  const errors = Array.isArray(details?.errors) ? details.errors : [];
  return Object.fromEntries(
    errors.flatMap(({ path, message }) =>
      Array.isArray(path) && message !== undefined ? [[path.slice(0, 2).join('.'), message]] : [],
    ),
  );
}
