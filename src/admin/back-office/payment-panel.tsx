import { Button, Flex, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';

import { Value } from '../content-manager/value';
import { useReturnPaymentMutation, useSyncPaymentMutation } from './api';
import { CAN_DECIDE_REFUNDS } from './permissions';
import { PressForm } from './press-form';
import { usePress } from './use-press';

/** Asks WeChat how a payment stands; money that does not fit is sent back from here. */
export function PaymentPanel({ id, status }: { id: string; status: string | undefined }) {
  const { formatMessage } = useIntl();
  const { allowedActions } = useRBAC(CAN_DECIDE_REFUNDS);
  const [sync, { isLoading }] = useSyncPaymentMutation();
  const [sendBack] = useReturnPaymentMutation();
  const press = usePress();
  const mayDecide = allowedActions.canDecide === true;
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Value uid="api::payment.payment" field="status" value={status} />
      {status === 'disputed' && (
        <Typography variant="pi" textColor="warning700">
          {formatMessage({ id: 'back-office.payment.disputed' })}
        </Typography>
      )}
      {mayDecide && status !== 'succeeded' && (
        <Button
          fullWidth
          variant="secondary"
          loading={isLoading}
          onClick={() => void press(sync(id), 'back-office.payment.synced')}
        >
          {formatMessage({ id: 'back-office.payment.sync' })}
        </Button>
      )}
      {mayDecide && status === 'disputed' && (
        <PressForm
          titleId="back-office.payment.return"
          confirmId="back-office.payment.return.confirm"
          variant="danger-light"
          fields={[]}
          onConfirm={() => press(sendBack(id), 'back-office.payment.returned')}
        />
      )}
    </Flex>
  );
}
