import { Flex, Typography } from '@strapi/design-system';

import type { SettingsAnswer } from '../../api-types';
import { Card } from '../../parts/card';
import { Rows } from '../../parts/table';
import { useText } from '../../parts/use-text';
import { useFieldNames } from './use-field-names';

/** Who changed what and when; never the values. */
export function ChangesCard({ changes }: Pick<SettingsAnswer['meta'], 'changes'>) {
  const { text, time } = useText();
  const { list } = useFieldNames();
  if (changes.length === 0)
    return (
      <Card title={text('changes')}>
        <Typography textColor="neutral600">{text('changes.none')}</Typography>
      </Card>
    );
  return (
    <Card title={text('changes')}>
      <Rows
        rows={changes.map((entry, place) => ({ ...entry, place }))}
        keyOf={({ place }) => place}
        columns={[
          { name: 'at', title: text('changes.at'), cell: ({ at }) => time(at) },
          { name: 'by', title: text('changes.by'), cell: ({ by }) => by.name },
          {
            name: 'fields',
            title: text('changes.fields'),
            cell: ({ fields }) => (
              <Flex direction="column" alignItems="stretch" gap={1}>
                {list(fields).map((entry) => (
                  <Typography key={entry.part} style={{ whiteSpace: 'normal' }}>
                    <Typography textColor="neutral600">{entry.part}</Typography> {entry.fields}
                  </Typography>
                ))}
              </Flex>
            ),
          },
        ]}
      />
    </Card>
  );
}
