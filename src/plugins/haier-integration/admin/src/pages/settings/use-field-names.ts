import { useText } from '../../parts/use-text';

export interface FieldNames {
  /** A field by its `part.field`, as the page names it, with its part before it. */
  nameOf(path: string): string;
  /** Many of them: each part once, with its fields. */
  list(paths: string[]): { part: string; fields: string }[];
}

const partOf = (path: string): string => path.split('.')[0] ?? '';

export function useFieldNames(): FieldNames {
  const { text, word } = useText();
  const fieldOf = (path: string): string => word(`setting.${path}`, path);
  return {
    nameOf: (path) => `${text(`part.${partOf(path)}`)} · ${fieldOf(path)}`,
    list: (paths) =>
      [...new Set(paths.map(partOf))].map((part) => ({
        part: text(`part.${part}`),
        fields: paths
          .filter((path) => partOf(path) === part)
          .map(fieldOf)
          .join(text('list-comma')),
      })),
  };
}
