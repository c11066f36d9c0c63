import { Box, Button, Flex, SingleSelect, SingleSelectOption, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';

import { useHaierSettingsQuery, useSaveHaierSettingsMutation } from '../../api';
import type { FieldValue, Part, SettingsAnswer } from '../../api-types';
import { Notice } from '../../parts/notice';
import { Answered } from '../../parts/states';
import { usePress } from '../../parts/use-press';
import { useText } from '../../parts/use-text';
import { CAN_SET } from '../../permissions';
import { CallbackAddress } from './callback-address';
import { ChangesCard } from './changes-card';
import { ConnectionTestButton } from './connection-test';
import { applyPreset, change, type Draft, patchOf } from './draft';
import { fieldErrors } from './field-errors';
import { PARTS } from './fields';
import { useFieldNames } from './use-field-names';
import { PartCard } from './part-card';

/** Strapi's header, which shrinks to this once the page is scrolled. */
const HEADER_HEIGHT = '5.6rem';

interface SaveBarProps {
  answer: SettingsAnswer;
  isChanged: boolean;
  isSaving: boolean;
  choosePreset: (name: string) => void;
  undo: () => void;
  save: () => void;
}

function SaveBar({ answer, isChanged, isSaving, choosePreset, undo, save }: SaveBarProps) {
  const { text } = useText();
  return (
    <Box
      position="sticky"
      top={HEADER_HEIGHT}
      zIndex={2}
      background="neutral0"
      padding={4}
      hasRadius
      shadow="filterShadow"
    >
      <Flex justifyContent="space-between" gap={4} wrap="wrap">
        <SingleSelect
          aria-label={text('preset')}
          placeholder={text('preset')}
          onChange={(name: string | number) => choosePreset(String(name))}
        >
          {Object.keys(answer.meta.presets).map((name) => (
            <SingleSelectOption key={name} value={name}>
              {text(`preset.${name}`)}
            </SingleSelectOption>
          ))}
        </SingleSelect>
        <Flex gap={2}>
          {isChanged && <Typography textColor="warning700">{text('unsaved')}</Typography>}
          <Button variant="tertiary" disabled={!isChanged} onClick={undo}>
            {text('undo')}
          </Button>
          <Button loading={isSaving} disabled={!isChanged} onClick={save}>
            {text('save')}
          </Button>
        </Flex>
      </Flex>
    </Box>
  );
}

function Form({ answer }: { answer: SettingsAnswer }) {
  const { text } = useText();
  const [draft, setDraft] = React.useState<Draft>({});
  const [saveSettings, { isLoading, error }] = useSaveHaierSettingsMutation();
  const press = usePress();
  const errors = fieldErrors(error);
  const wrong = Object.entries(errors);
  const { nameOf } = useFieldNames();
  const isChanged = Object.keys(draft).length > 0;
  const patch = patchOf(draft, answer.data.version);

  const set = (part: Part) => (name: string, value: FieldValue) =>
    setDraft((current) => change(current, answer.data, { part, name, value }));
  const save = async () => {
    if (await press(saveSettings(patch), 'saved')) setDraft({});
  };
  const { version: _version, ...candidate } = patch;
  const below: Partial<Record<Part, React.ReactNode>> = {
    haier: <ConnectionTestButton system="haier" settings={candidate} />,
    ylh: <ConnectionTestButton system="ylh" settings={candidate} />,
    callback: <CallbackAddress url={answer.meta.callbackUrl} />,
  };
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <SaveBar
        answer={answer}
        isChanged={isChanged}
        isSaving={isLoading}
        choosePreset={(name) =>
          setDraft((current) => applyPreset(current, answer.data, answer.meta.presets[name] ?? {}))
        }
        undo={() => setDraft({})}
        save={() => void save()}
      />
      {wrong.length > 0 && (
        <Notice tone="danger" title={text('wrong-fields')}>
          <ul>
            {wrong.map(([path, message]) => (
              <li key={path}>{`${nameOf(path)}: ${message}`}</li>
            ))}
          </ul>
        </Notice>
      )}
      {answer.meta.problems.length > 0 && (
        <Notice tone="warning" title={text('problems')}>
          <ul>
            {answer.meta.problems.map(({ code, fields, message }) => (
              <li key={`${code} ${fields.join()}`}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
      {PARTS.map((part) => (
        <PartCard key={part} part={part} answer={answer} draft={draft} errors={errors} set={set(part)}>
          {below[part]}
        </PartCard>
      ))}
      <ChangesCard changes={answer.meta.changes} />
    </Flex>
  );
}

/** The accounts at Haier and YLH, and the rules of their use. */
export function SettingsPage() {
  const { text } = useText();
  const { allowedActions, isLoading } = useRBAC({ settings: CAN_SET });
  const query = useHaierSettingsQuery(undefined, {
    refetchOnMountOrArgChange: true,
    skip: allowedActions.canSettings !== true,
  });
  if (!isLoading && allowedActions.canSettings !== true) return <Typography>{text('forbidden')}</Typography>;
  return <Answered query={query}>{(answer) => <Form answer={answer} />}</Answered>;
}
