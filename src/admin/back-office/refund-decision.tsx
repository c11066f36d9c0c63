import { Button, Checkbox, Flex, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';
import { useIntl } from 'react-intl';

import { Value } from '../content-manager/value';
import {
  type RefundFile,
  useApproveRefundMutation,
  useRejectRefundMutation,
  useRetryRefundMutation,
  useSyncRefundMutation,
} from './api';
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

/** WeChat closed a refund without paying out: another number may. */
function RetryButton({ id }: { id: string }) {
  const [retry] = useRetryRefundMutation();
  const press = usePress();
  return (
    <PressForm
      titleId="back-office.refund.retry"
      confirmId="back-office.refund.retry"
      fields={[]}
      onConfirm={() => press(retry(id), 'back-office.refund.retried')}
    />
  );
}

/** Asks WeChat how a refund stands that has not ended by itself. */
function AskAgainButton({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const [sync, { isLoading }] = useSyncRefundMutation();
  const press = usePress();
  return (
    <Button
      fullWidth
      variant="secondary"
      loading={isLoading}
      onClick={() => void press(sync(id), 'back-office.refund.synced')}
    >
      {formatMessage({ id: 'back-office.refund.sync' })}
    </Button>
  );
}

const UNDER_WAY = new Set(['approved', 'processing', 'abnormal', 'failed']);

/** What may be done about a refund that is decided. */
function StuckRefund({ refund }: { refund: RefundFile }) {
  const { formatMessage } = useIntl();
  if (!UNDER_WAY.has(refund.status) || refund.isRetried) return null;
  return (
    <Flex direction="column" alignItems="stretch" gap={2}>
      {refund.status === 'abnormal' && (
        <Typography variant="pi" textColor="warning700">
          {formatMessage({ id: 'back-office.refund.abnormal' })}
        </Typography>
      )}
      <AskAgainButton id={refund.documentId} />
      {refund.status === 'failed' && <RetryButton id={refund.documentId} />}
    </Flex>
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
      {allowedActions.canDecide === true && <StuckRefund refund={refund} />}
      {refund.isHeld && (
        <Typography variant="pi" textColor="warning700">
          {formatMessage({ id: 'back-office.refund.held' })}
        </Typography>
      )}
      {refund.status === 'requested' && !refund.isHeld && allowedActions.canDecide === true && (
        <Flex direction="column" alignItems="stretch" gap={2}>
          <ApproveButton id={refund.documentId} />
          <RejectButton id={refund.documentId} />
        </Flex>
      )}
    </Flex>
  );
}
