import { Flex, Grid, Typography } from '@strapi/design-system';
import type * as React from 'react';

import type { FieldValue, Part, SettingsAnswer } from '../../api-types';
import { Card } from '../../parts/card';
import { useText } from '../../parts/use-text';
import type { Draft } from './draft';
import { FIELDS } from './fields';
import { SettingInput } from './setting-input';

interface PartCardProps {
  part: Part;
  answer: SettingsAnswer;
  draft: Draft;
  errors: Record<string, string>;
  set: (name: string, value: FieldValue) => void;
  children?: React.ReactNode;
}

/** The fields of one part of the settings. */
export function PartCard({ part, answer, draft, errors, set, children }: PartCardProps) {
  const { text, word } = useText();
  const words = word(`part.${part}.words`, '');
  return (
    <Card title={text(`part.${part}`)}>
      {words !== '' && <Typography textColor="neutral600">{words}</Typography>}
      <Grid.Root gap={4}>
        {FIELDS[part].map((field) => (
          <Grid.Item
            key={field.name}
            col={field.isShort === true ? 6 : 12}
            s={12}
            direction="column"
            alignItems="stretch"
          >
            <SettingInput
              part={part}
              field={field}
              saved={answer.data[part][field.name]}
              drafted={draft[part]?.[field.name]}
              source={answer.meta.sources[`${part}.${field.name}`]}
              error={errors[`${part}.${field.name}`]}
              set={(value) => set(field.name, value)}
            />
          </Grid.Item>
        ))}
      </Grid.Root>
      <Flex direction="column" alignItems="stretch" gap={3}>
        {children}
      </Flex>
    </Card>
  );
}
