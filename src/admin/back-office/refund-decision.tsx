import { Checkbox, Flex, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';
import { useIntl } from 'react-intl';

import { Value } from '../content-manager/value';
import { type RefundFile, useApproveRefundMutation, useRejectRefundMutation } from './api';
import { CAN_DECIDE_REFUNDS } from './permissions';
import { PressForm } from './press-form';
import { usePress } from './use-press';

const text = (value: string | undefined): string => (value ?? '').trim();

function ApproveButton({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const [approve] = useApproveRefundMutation();
  const [isGoodsReturned, setGoodsReturned] = React.useState(false);
  const press = usePress();
  return (
    <PressForm
      titleId="back-office.refund.approve"
      confirmId="back-office.refund.approve"
      variant="success-light"
      fields={[{ name: 'reason', labelId: 'back-office.refund.reason', maxLength: 255 }]}
      onConfirm={({ reason }) =>
        press(
          approve({ id, isGoodsReturned, ...(text(reason) === '' ? {} : { reason: text(reason) }) }),
          'back-office.refund.approved',
        )
      }
    >
      <Checkbox
        checked={isGoodsReturned}
        onCheckedChange={(checked: boolean | 'indeterminate') => setGoodsReturned(checked === true)}
      >
        {formatMessage({ id: 'back-office.refund.goods-back' })}
      </Checkbox>
    </PressForm>
  );
}

function RejectButton({ id }: { id: string }) {
  const [reject] = useRejectRefundMutation();
  const press = usePress();
  return (
    <PressForm
      titleId="back-office.refund.reject"
      confirmId="back-office.refund.reject"
      variant="danger-light"
      fields={[{ name: 'reason', labelId: 'back-office.refund.reason', isRequired: true, maxLength: 255 }]}
      onConfirm={({ reason }) => press(reject({ id, reason: text(reason) }), 'back-office.refund.rejected')}
    />
  );
}

/** A refund in a few lines, with the two decisions while it waits for one. */
export function RefundDecision({ refund }: { refund: RefundFile }) {
  const { formatMessage, formatNumber } = useIntl();
  const { allowedActions } = useRBAC(CAN_DECIDE_REFUNDS);
  const amount = formatNumber(refund.amount, { minimumFractionDigits: 2 });
  return (
    <Flex direction="column" alignItems="stretch" gap={2} width="100%">
      <Flex justifyContent="space-between" gap={2}>
        <Typography fontWeight="semiBold">
          {formatMessage({ id: 'back-office.refund.amount' }, { amount })}
        </Typography>
        <Value uid="api::payment.refund" field="status" value={refund.status} />
      </Flex>
      {refund.reason !== null && (
        <Typography variant="pi" textColor="neutral600">
          {formatMessage({ id: 'back-office.refund.asked' }, { reason: refund.reason })}
        </Typography>
      )}
      {refund.status === 'requested' && allowedActions.canDecide === true && (
        <Flex direction="column" alignItems="stretch" gap={2}>
          <ApproveButton id={refund.documentId} />
          <RejectButton id={refund.documentId} />
        </Flex>
      )}
    </Flex>
  );
}
