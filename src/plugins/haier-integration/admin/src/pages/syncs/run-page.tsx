import { Button, Flex, Grid, Typography } from '@strapi/design-system';
import { ArrowLeft } from '@strapi/icons';
import { useRBAC } from '@strapi/strapi/admin';
import { useParams } from 'react-router-dom';

import { useCancelHaierSyncMutation, useHaierSyncQuery } from '../../api';
import type { SyncRun } from '../../api-types';
import { PageLink } from '../../parts/page-link';
import { Card, Fact } from '../../parts/card';
import { SyncBadge } from '../../parts/state-badge';
import { Answered } from '../../parts/states';
import { Rows } from '../../parts/table';
import { usePress } from '../../parts/use-press';
import { useText } from '../../parts/use-text';
import { WHILE_BUSY_MS } from '../../parts/use-tick';
import { CAN_SYNC } from '../../permissions';
import { RunProgress } from './run-progress';

const isOver = ({ finishedAt }: SyncRun): boolean => finishedAt !== null;

function Facts({ run }: { run: SyncRun }) {
  const { text, time, number, said } = useText();
  return (
    <Card title={text(`sync.kind.${run.kind}`)} side={<SyncBadge run={run} />}>
      <RunProgress run={run} />
      {run.message !== null && <Typography textColor="danger600">{said(run.message)}</Typography>}
      <Fact name={text('sync.trigger')}>{run.requestedBy ?? text(`sync.trigger.${run.trigger}`)}</Fact>
      <Fact name={text('sync.asked-at')}>{time(run.createdAt)}</Fact>
      <Fact name={text('sync.started-at')}>{time(run.startedAt)}</Fact>
      <Fact name={text('sync.finished-at')}>{time(run.finishedAt)}</Fact>
      <Fact name={text('sync.what')}>
        {run.productCodes === null || run.productCodes === undefined
          ? text('sync.everything')
          : run.productCodes.join(', ')}
      </Fact>
      {(['created', 'changed', 'unchanged', 'unlisted', 'failed'] as const).map((name) => (
        <Fact key={name} name={text(`sync.count.${name}`)}>
          {number(run[name])}
        </Fact>
      ))}
    </Card>
  );
}

function ChangedFields({ run }: { run: SyncRun }) {
  const { text, number, word } = useText();
  const fields = Object.entries(run.changedFields).sort(([, a], [, b]) => b - a);
  return (
    <Card title={text('sync.changed-fields')}>
      {fields.length === 0 && <Typography textColor="neutral600">{text('sync.nothing-changed')}</Typography>}
      {fields.map(([field, count]) => (
        <Fact key={field} name={word(`field.${field}`, field)}>
          {number(count)}
        </Fact>
      ))}
    </Card>
  );
}

function Errors({ run }: { run: SyncRun }) {
  const { text, said } = useText();
  const errors = run.errors ?? [];
  if (errors.length === 0) return null;
  return (
    <Card title={text('sync.errors')}>
      <Rows
        rows={errors.map((error, place) => ({ ...error, place }))}
        keyOf={({ place }) => place}
        columns={[
          { name: 'subject', title: text('sync.error.subject'), cell: ({ subject }) => subject },
          {
            name: 'reason',
            title: text('sync.error.reason'),
            cell: ({ reason }) => <Typography style={{ whiteSpace: 'normal' }}>{said(reason)}</Typography>,
          },
        ]}
      />
    </Card>
  );
}

/** One run: its progress while it runs, its report afterwards. */
export function RunPage() {
  const { text } = useText();
  const id = Number(useParams<{ id: string }>().id);
  const query = useHaierSyncQuery(id, { refetchOnMountOrArgChange: true, pollingInterval: WHILE_BUSY_MS });
  const { allowedActions } = useRBAC({ sync: CAN_SYNC });
  const [cancel, { isLoading }] = useCancelHaierSyncMutation();
  const press = usePress();
  const run = query.data;
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Flex gap={4} justifyContent="space-between">
        <PageLink to="..">
          <Flex gap={2} tag="span">
            <ArrowLeft /> {text('sync.runs')}
          </Flex>
        </PageLink>
        {run !== undefined && !isOver(run) && allowedActions.canSync === true && (
          <Button
            variant="danger-light"
            loading={isLoading}
            disabled={run.cancelRequestedAt !== null}
            onClick={() => void press(cancel(run.id), 'sync.cancelling')}
          >
            {text(run.cancelRequestedAt === null ? 'sync.cancel' : 'sync.cancelling')}
          </Button>
        )}
      </Flex>
      <Answered query={query}>
        {(run) => (
          <Grid.Root gap={4}>
            <Grid.Item col={6} s={12} direction="column" alignItems="stretch">
              <Facts run={run} />
            </Grid.Item>
            <Grid.Item col={6} s={12} direction="column" alignItems="stretch" gap={4}>
              <ChangedFields run={run} />
            </Grid.Item>
            <Grid.Item col={12} direction="column" alignItems="stretch">
              <Errors run={run} />
            </Grid.Item>
          </Grid.Root>
        )}
      </Answered>
    </Flex>
  );
}
