import { useText } from '../../parts/use-text';

/** A field by its `part.field`, as the page names it. */
export function useFieldName(): (path: string) => string {
  const { text, word } = useText();
  return (path) => {
    const [part = ''] = path.split('.');
    return `${text(`part.${part}`)} · ${word(`setting.${path}`, path)}`;
  };
}
