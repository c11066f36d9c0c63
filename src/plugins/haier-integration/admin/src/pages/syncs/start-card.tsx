import { Button, Checkbox, Field, Flex, Textarea, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';

import { useStartHaierSyncMutation } from '../../api';
import { SYNC_KINDS, type SyncKind } from '../../api-types';
import { Card } from '../../parts/card';
import { usePress } from '../../parts/use-press';
import { useText } from '../../parts/use-text';
import { CAN_SYNC } from '../../permissions';

/** The codes in a text, however they are parted. */
const codesIn = (written: string): string[] => [...new Set(written.split(/[\s,;，；、]+/).filter(Boolean))];

/** The buttons that start a sync, of everything or of some products. */
export function StartCard() {
  const { text } = useText();
  const { allowedActions } = useRBAC({ sync: CAN_SYNC });
  const [start, { isLoading }] = useStartHaierSyncMutation();
  const press = usePress();
  const [written, setWritten] = React.useState('');
  const [allowsDrop, setAllowsDrop] = React.useState(false);
  if (allowedActions.canSync !== true) return null;
  const productCodes = codesIn(written);

  const begin = async (kind: SyncKind) => {
    const codes = kind === 'logistics' || productCodes.length === 0 ? {} : { productCodes };
    const drop = kind === 'products' && allowsDrop ? { allowsDrop } : {};
    if (await press(start({ kind, ...codes, ...drop }), 'sync.started')) setAllowsDrop(false);
  };
  return (
    <Card title={text('sync.start')}>
      <Typography textColor="neutral600">{text('sync.words')}</Typography>
      <Field.Root name="codes" hint={text('sync.codes.hint')}>
        <Field.Label>{text('sync.codes')}</Field.Label>
        <Textarea
          name="codes"
          rows={2}
          style={{ height: 'auto' }}
          value={written}
          onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) => setWritten(event.target.value)}
        />
        <Field.Hint />
      </Field.Root>
      <Checkbox
        checked={allowsDrop}
        onCheckedChange={(checked: boolean | 'indeterminate') => setAllowsDrop(checked === true)}
      >
        {text('sync.allows-drop')}
      </Checkbox>
      <Flex gap={2} wrap="wrap">
        {SYNC_KINDS.map((kind) => (
          <Button
            key={kind}
            variant={kind === 'products' ? 'default' : 'secondary'}
            loading={isLoading}
            onClick={() => void begin(kind)}
          >
            {text(`sync.begin.${kind}`)}
          </Button>
        ))}
      </Flex>
    </Card>
  );
}
