import { badValues, type FieldKind } from './hostile-values';
import type { HostileWorld } from './hostile-world';

export interface BodyField {
  path: (string | number)[];
  kind: FieldKind;
  /** Left out it is no mistake. */
  optional?: boolean;
  /** Values this route takes, though the kind would not. */
  except?: string[];
}

/** A body a route takes, and what each of its fields may be. */
export interface BodyShape {
  name: string;
  body: (world: HostileWorld) => Record<string, unknown>;
  fields: BodyField[];
  /** The same fields are tried one by one on another route: here every third value will do. */
  isLikeAnother?: true;
  /** Bodies of this shape that are right and must be refused by what they name, with the code. */
  wrong?: (world: HostileWorld) => {
    name: string;
    body: Record<string, unknown>;
    codes: (
      | 'NOT_FOUND'
      | 'NOT_FOR_SALE'
      | 'VALIDATION_FAILED'
      | 'PRICE_CHANGED'
      | 'OUT_OF_STOCK'
      | 'UPSTREAM_UNAVAILABLE'
    )[];
  }[];
}

export const text = (max: number, more: Partial<Extract<FieldKind, { kind: 'text' }>> = {}): FieldKind => ({
  kind: 'text',
  max,
  ...more,
});
export const id: FieldKind = { kind: 'id' };
export const amount: FieldKind = { kind: 'amount' };
export const flag: FieldKind = { kind: 'flag' };
export const quantity: FieldKind = { kind: 'whole', min: 1, max: 999 };

export const inData = (fields: BodyField[]): BodyField[] =>
  fields.map((field) => ({ ...field, path: ['data', ...field.path] }));
export const NOTHING: BodyShape = { name: 'nothing', body: () => ({}), fields: [] };

const HERE = '@@here@@';

function withValue(
  body: Record<string, unknown>,
  path: (string | number)[],
  source: string | undefined,
): string {
  const copy = JSON.parse(JSON.stringify(body)) as Record<string | number, unknown>;
  let at = copy;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (source === undefined) delete at[last];
  else at[last] = HERE;
  return JSON.stringify(copy).replace(`"${HERE}"`, () => source ?? '');
}

/** Every body of a shape with one field wrong, and the name of that field. */
export function wrongBodies(
  shape: BodyShape,
  world: HostileWorld,
): { name: string; body: string; field?: string | number }[] {
  const right = shape.body(world);
  const all = shape.fields.flatMap(({ path, kind, optional, except = [] }) => {
    const field = path.at(-1);
    const values = [...new Set(badValues(kind))].filter((value) => !except.includes(value));
    const missing =
      optional === true || typeof field === 'number'
        ? []
        : [{ name: `without ${path.join('.')}`, body: withValue(right, path, undefined), field }];
    return [
      ...values.map((value) => ({
        name: `${path.join('.')} = ${value.slice(0, 40)}`,
        body: withValue(right, path, value),
        field,
      })),
      ...missing,
    ];
  });
  return shape.isLikeAnother === true ? all.filter((_, turn) => turn % 3 === 0) : all;
}
