import {
  Box,
  Button,
  Field,
  Flex,
  SingleSelect,
  SingleSelectOption,
  TextInput,
  Textarea,
} from '@strapi/design-system';
import type * as React from 'react';

import type { FieldValue, Part } from '../../api-types';
import { useText } from '../../parts/use-text';
import { isSecret } from './draft';
import type { SettingField } from './fields';

interface InputProps {
  part: Part;
  field: SettingField;
  saved: FieldValue | undefined;
  /** Undefined: as it is saved. */
  drafted: FieldValue | undefined;
  source: string | undefined;
  error?: string;
  set: (value: FieldValue) => void;
}

const asText = (value: FieldValue | undefined): string => {
  if (value === undefined || value === null || isSecret(value)) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
};

function SecretInput({ part, field, saved, drafted, set }: InputProps) {
  const { text } = useText();
  const known = isSecret(saved) && saved.configured ? saved : undefined;
  const isRemoved = drafted === null;
  const action = isRemoved ? 'secret.keep' : 'secret.remove';
  const shown =
    known === undefined
      ? text('secret.not-set')
      : known.lastFour === null
        ? text('secret.set')
        : text('secret.ends-in', { lastFour: known.lastFour });
  return (
    <Flex gap={2} alignItems="stretch">
      <Box flex="1 1 auto">
        <TextInput
          name={field.name}
          type="password"
          autoComplete="new-password"
          maxLength={500}
          placeholder={isRemoved ? text('secret.removed') : shown}
          value={asText(drafted)}
          onChange={(event: React.ChangeEvent<HTMLInputElement>) => set(event.target.value)}
        />
      </Box>
      {known !== undefined && (
        <Button
          variant="tertiary"
          aria-label={`${text(action)}: ${text(`setting.${part}.${field.name}`)}`}
          onClick={() => set(isRemoved ? '' : null)}
        >
          {text(action)}
        </Button>
      )}
    </Flex>
  );
}

function ChoiceInput({ part, field, saved, drafted, set }: InputProps) {
  const { text } = useText();
  return (
    <SingleSelect
      name={field.name}
      value={asText(drafted ?? saved)}
      onChange={(chosen: string | number) => set(String(chosen))}
    >
      {(field.options ?? []).map((option) => (
        <SingleSelectOption key={option} value={option}>
          {text(`setting.${part}.${field.name}.${option}`)}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
}

function PlainInput({ field, saved, drafted, set }: InputProps) {
  const value = asText(drafted === undefined ? saved : drafted);
  if (field.kind === 'list')
    return (
      <Textarea
        name={field.name}
        value={value}
        onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) =>
          set(
            event.target.value
              .split('\n')
              .filter((line, place, lines) => line !== '' || place === lines.length - 1),
          )
        }
      />
    );
  return (
    <TextInput
      name={field.name}
      value={value}
      maxLength={500}
      inputMode={field.kind === 'number' ? 'decimal' : undefined}
      onChange={(event: React.ChangeEvent<HTMLInputElement>) => set(event.target.value)}
    />
  );
}

const INPUTS: Partial<Record<SettingField['kind'], React.ComponentType<InputProps>>> = {
  secret: SecretInput,
  choice: ChoiceInput,
};

/** One field with its label, where its value comes from, and what is wrong with it. */
export function SettingInput(props: InputProps) {
  const { part, field, source, error } = props;
  const { text, word } = useText();
  const Input = INPUTS[field.kind] ?? PlainInput;
  const from = source === 'environment' ? text('source.environment') : '';
  const hint = [word(`setting.${part}.${field.name}.hint`, ''), from].filter(Boolean).join(' · ');
  return (
    <Field.Root name={`${part}.${field.name}`} hint={hint === '' ? undefined : hint} error={error}>
      <Field.Label>{text(`setting.${part}.${field.name}`)}</Field.Label>
      <Input {...props} />
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
}
