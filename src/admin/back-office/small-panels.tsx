import { Button, Flex, Loader, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';

import { Value } from '../content-manager/value';
import { useRefundFileQuery, useReplayMessageMutation, useReplayTopicMutation } from './api';
import { CAN_REPLAY } from './permissions';
import { RefundDecision } from './refund-decision';
import { usePress } from './use-press';

export function RefundPanel({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const { data: refund } = useRefundFileQuery(id, { refetchOnMountOrArgChange: true });
  if (refund === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  return <RefundDecision refund={refund} />;
}

/** Gives a dead message, or all of its topic, another try. */
export function MessagePanel({ id, status }: { id: string; status: string | undefined }) {
  const { formatMessage } = useIntl();
  const { allowedActions } = useRBAC(CAN_REPLAY);
  const [replay, { isLoading }] = useReplayMessageMutation();
  const [replayTopic, { isLoading: isReplayingTopic }] = useReplayTopicMutation();
  const press = usePress();
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Value uid="api::outbox.outbox-message" field="status" value={status} />
      {status === 'dead' && allowedActions.canReplay === true ? (
        <>
          <Button
            fullWidth
            loading={isLoading}
            onClick={() => void press(replay(id), 'back-office.message.done')}
          >
            {formatMessage({ id: 'back-office.message.replay' })}
          </Button>
          <Button
            fullWidth
            variant="secondary"
            loading={isReplayingTopic}
            onClick={() => void press(replayTopic(id), 'back-office.message.done')}
          >
            {formatMessage({ id: 'back-office.message.replay-topic' })}
          </Button>
        </>
      ) : (
        <Typography variant="pi" textColor="neutral600">
          {formatMessage({ id: 'back-office.message.only-dead' })}
        </Typography>
      )}
    </Flex>
  );
}
