import { InputRenderer, type InputProps, type StrapiApp } from '@strapi/strapi/admin';
import { FormattedMessage, useIntl } from 'react-intl';

import { hintId, READ_ONLY_TYPES, TYPES, valueId } from '../labels';

interface EditField {
  name: string;
  hint?: React.ReactNode;
  required?: boolean;
  attribute: Record<string, unknown> & { enum?: string[]; ownerUid?: string };
}
interface EditLayout {
  layout: EditField[][][];
  settings: { displayName?: string };
}

/** What one may type is of no interest where nobody types. */
function forReading(field: EditField): EditField {
  const {
    min: _min,
    max: _max,
    minLength: _minLength,
    maxLength: _maxLength,
    ...attribute
  } = field.attribute;
  return { ...field, attribute, required: false };
}

/** Adds the hint, and tells an enumeration which type it belongs to: the input itself is not told. */
function dress(uid: string, given: EditField): EditField {
  const field = READ_ONLY_TYPES.has(uid) ? forReading(given) : given;
  const attribute = { ...field.attribute, ownerUid: uid };
  if (TYPES[uid]?.fields[field.name]?.hint === undefined) return { ...field, attribute };
  return { ...field, attribute, hint: <FormattedMessage id={hintId(uid, field.name)} defaultMessage=" " /> };
}

type EnumerationProps = Omit<Extract<InputProps, { type: 'enumeration' }>, 'options'> & {
  attribute?: EditField['attribute'];
  options?: { value: string; label?: string }[];
};

/** Strapi's own drop-down, with the values of this type and field in the reader's language. */
function EnumerationInput({ attribute, options, ...props }: EnumerationProps) {
  const { formatMessage } = useIntl();
  const values = attribute?.enum ?? options?.map(({ value }) => value) ?? [];
  return (
    <InputRenderer
      {...props}
      type="enumeration"
      options={values.map((value) => ({
        value,
        label: formatMessage({
          id: valueId(attribute?.ownerUid ?? '', props.name, value),
          defaultMessage: value,
        }),
      }))}
    />
  );
}

/** Makes forms readable: hints and values in the reader's language. Names of fields Strapi translates by itself. */
export function formatForms(app: StrapiApp): void {
  // Strapi gives the component the props of its own input; its type for it knows none.
  app.addFields({ type: 'enumeration', Component: EnumerationInput as React.ComponentType });
  app.registerHook(
    'Admin/CM/pages/EditView/mutate-edit-view-layout',
    (view: { layout: EditLayout; query?: unknown }) => {
      const { layout } = view;
      const uid = Object.keys(TYPES).find(
        (candidate) => TYPES[candidate]?.displayName === layout.settings.displayName,
      );
      if (uid === undefined) return view;
      const panels = layout.layout.map((panel) => panel.map((row) => row.map((field) => dress(uid, field))));
      return { ...view, layout: { ...layout, layout: panels } };
    },
  );
}
