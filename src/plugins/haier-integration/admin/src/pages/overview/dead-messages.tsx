import { Button, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';

import { useHaierMessagesQuery, useReplayHaierMessageMutation } from '../../api';
import type { DeadMessage } from '../../api-types';
import { Card } from '../../parts/card';
import { Pager } from '../../parts/pager';
import { Answered, Empty } from '../../parts/states';
import { type Column, Rows } from '../../parts/table';
import { usePress } from '../../parts/use-press';
import { useText } from '../../parts/use-text';
import { CAN_REPLAY } from '../../permissions';

/** Promises that could not be kept, and the button to try them again. */
export function DeadMessages() {
  const { text, time, number, word } = useText();
  const [page, setPage] = React.useState(1);
  const query = useHaierMessagesQuery({ page, pageSize: 10 }, { refetchOnMountOrArgChange: true });
  const { allowedActions } = useRBAC({ replay: CAN_REPLAY });
  const [replay, { isLoading }] = useReplayHaierMessageMutation();
  const press = usePress();
  const columns: Column<DeadMessage>[] = [
    { name: 'topic', title: text('message.topic'), cell: ({ topic }) => word(`topic.${topic}`, topic) },
    { name: 'subject', title: text('message.subject'), cell: ({ subject }) => subject ?? '—' },
    { name: 'attempts', title: text('message.attempts'), cell: ({ attempts }) => number(attempts) },
    {
      name: 'error',
      title: text('message.error'),
      cell: ({ lastError }) => (
        <Typography variant="pi" translate="no" style={{ whiteSpace: 'normal' }}>
          {lastError}
        </Typography>
      ),
    },
    { name: 'createdAt', title: text('message.created'), cell: ({ createdAt }) => time(createdAt) },
    {
      name: 'replay',
      title: text('actions'),
      isTitleHidden: true,
      cell: ({ id }) =>
        allowedActions.canReplay === true && (
          <Button
            size="S"
            variant="secondary"
            loading={isLoading}
            onClick={() => void press(replay(id), 'message.replayed')}
          >
            {text('message.replay')}
          </Button>
        ),
    },
  ];
  return (
    <Card title={text('messages')}>
      <Answered query={query}>
        {({ data, meta }) =>
          data.length === 0 ? (
            <Empty words={text('messages.none')} />
          ) : (
            <>
              <Rows columns={columns} rows={data} keyOf={({ id }) => id} />
              <Pager meta={meta.pagination} turn={setPage} />
            </>
          )
        }
      </Answered>
    </Card>
  );
}
