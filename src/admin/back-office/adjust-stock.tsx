import { Field, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import * as React from 'react';
import { useNotification } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';

import { useAdjustStockMutation } from './api';
import { PressForm } from './press-form';
import { usePress } from './use-press';

type Mode = 'delta' | 'count';

/** A whole number as people type it, also with a full-width minus or plus; undefined for anything else. */
function wholeNumber(text: string): number | undefined {
  const plain = text
    .trim()
    .replace(/^[－−]/, '-')
    .replace(/^[＋+]/, '');
  return /^-?\d{1,7}$/.test(plain) ? Number(plain) : undefined;
}

/** Changes stock by a difference or to a counted number, always with a reason. */
export function AdjustStockButton({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const { toggleNotification } = useNotification();
  const [adjust] = useAdjustStockMutation();
  const [mode, setMode] = React.useState<Mode>('delta');
  const press = usePress();

  const confirm = async ({ pieces, reason }: Record<string, string>): Promise<boolean> => {
    const number = wholeNumber(pieces ?? '');
    if (number === undefined) {
      toggleNotification({ type: 'warning', message: formatMessage({ id: 'back-office.whole-number' }) });
      return false;
    }
    const change = mode === 'delta' ? { delta: number } : { onHand: number };
    return press(adjust({ id, ...change, reason: (reason ?? '').trim() }), 'back-office.stock.done');
  };

  return (
    <PressForm
      titleId="back-office.stock.adjust"
      confirmId="back-office.stock.confirm"
      variant="secondary"
      fields={[
        { name: 'pieces', labelId: `back-office.stock.${mode}`, isRequired: true, maxLength: 9 },
        { name: 'reason', labelId: 'back-office.stock.reason', isRequired: true, maxLength: 200 },
      ]}
      onConfirm={confirm}
    >
      <Field.Root>
        <Field.Label>{formatMessage({ id: 'back-office.stock.mode' })}</Field.Label>
        <SingleSelect
          value={mode}
          onChange={(value: string | number) => setMode(value === 'count' ? 'count' : 'delta')}
        >
          <SingleSelectOption value="delta">
            {formatMessage({ id: 'back-office.stock.mode.delta' })}
          </SingleSelectOption>
          <SingleSelectOption value="count">
            {formatMessage({ id: 'back-office.stock.mode.count' })}
          </SingleSelectOption>
        </SingleSelect>
      </Field.Root>
    </PressForm>
  );
}
