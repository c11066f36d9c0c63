import { SingleSelect, SingleSelectOption } from '@strapi/design-system';

import { useText } from './use-text';

interface ChoiceProps {
  label: string;
  /** The list of words its options have. */
  group: string;
  options: readonly string[];
  value: string | undefined;
  choose: (value: string | undefined) => void;
}

/** A filter with one value, or none. */
export function Choice({ label, group, options, value, choose }: ChoiceProps) {
  const { text, word } = useText();
  return (
    <SingleSelect
      aria-label={label}
      placeholder={label}
      clearLabel={`${text('clear')}: ${label}`}
      size="S"
      value={value ?? ''}
      onChange={(chosen: string | number) => choose(String(chosen))}
      onClear={() => choose(undefined)}
    >
      {options.map((option) => (
        <SingleSelectOption key={option} value={option}>
          {word(`${group}.${option}`, option)}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
}
