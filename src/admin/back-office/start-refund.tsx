import { Checkbox } from '@strapi/design-system';
import { useNotification, useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';
import { useIntl } from 'react-intl';

import { useStartRefundMutation } from './api';
import { CAN_DECIDE_REFUNDS } from './permissions';
import { PressForm } from './press-form';
import { usePress } from './use-press';

/** Yuan as people type them, at most two decimals; undefined for anything else. */
function yuan(text: string): number | undefined {
  const plain = text.trim().replace(/^[¥￥]/, '');
  return /^\d{1,8}(\.\d{1,2})?$/.test(plain) && Number(plain) > 0 ? Number(plain) : undefined;
}

/** Gives an order's money back, all that is left or a part of it. */
export function StartRefundButton({ id, isShipped }: { id: string; isShipped: boolean }) {
  const { formatMessage } = useIntl();
  const { toggleNotification } = useNotification();
  const [start] = useStartRefundMutation();
  const [isGoodsReturned, setGoodsReturned] = React.useState(false);
  const press = usePress();

  const confirm = async ({ amount = '', reason = '' }: Record<string, string>): Promise<boolean> => {
    const part = yuan(amount);
    if (amount.trim() !== '' && part === undefined) {
      toggleNotification({ type: 'warning', message: formatMessage({ id: 'back-office.yuan' }) });
      return false;
    }
    const request = { id, reason: reason.trim(), isGoodsReturned };
    return press(
      start(part === undefined ? request : { ...request, amount: part }),
      'back-office.refund.started',
    );
  };

  return (
    <PressForm
      titleId="back-office.refund.start"
      confirmId="back-office.refund.start.confirm"
      variant="danger-light"
      fields={[
        { name: 'reason', labelId: 'back-office.refund.start.reason', isRequired: true, maxLength: 200 },
        { name: 'amount', labelId: 'back-office.refund.start.amount', maxLength: 11 },
      ]}
      onConfirm={confirm}
    >
      {isShipped && (
        <Checkbox
          checked={isGoodsReturned}
          onCheckedChange={(checked: boolean | 'indeterminate') => setGoodsReturned(checked === true)}
        >
          {formatMessage({ id: 'back-office.refund.goods-back' })}
        </Checkbox>
      )}
    </PressForm>
  );
}

/** True when this user may give money back; the server asks again. */
export function useMayRefund(): boolean {
  const { allowedActions } = useRBAC(CAN_DECIDE_REFUNDS);
  return allowedActions.canDecide === true;
}
