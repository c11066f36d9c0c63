import { Flex, Grid, Typography } from '@strapi/design-system';

import { useHaierOverviewQuery } from '../../api';
import { type Overview, SYNC_KINDS } from '../../api-types';
import { PageLink } from '../../parts/page-link';
import { Card, Fact } from '../../parts/card';
import { Notice } from '../../parts/notice';
import { SyncBadge } from '../../parts/state-badge';
import { Answered } from '../../parts/states';
import { useText } from '../../parts/use-text';
import { WHILE_CALM_MS } from '../../parts/use-tick';
import { ConnectionCard } from './connection-card';
import { HoursChart } from './hours-chart';
import { DeadMessages } from './dead-messages';

function BalanceCard({ balance }: Pick<Overview, 'balance'>) {
  const { text, money, time } = useText();
  return (
    <Card title={text('balance')}>
      {balance === null && <Typography textColor="neutral600">{text('balance.no-account')}</Typography>}
      {balance?.isLow === true && (
        <Notice tone="warning" title={text('balance.low')}>
          {text('balance.below', { limit: money(balance.limitFen) })}
        </Notice>
      )}
      {balance?.accounts.map(({ payerAccountCode, payerAccountName, balanceFen }) => (
        <Fact key={payerAccountCode} name={payerAccountName ?? payerAccountCode}>
          <Typography
            variant="beta"
            textColor={balance.isLow && balanceFen < balance.limitFen ? 'danger600' : 'neutral800'}
          >
            {money(balanceFen)}
          </Typography>
        </Fact>
      ))}
      {balance !== null && <Fact name={text('balance.at')}>{time(balance.at)}</Fact>}
      {typeof balance?.error === 'string' && (
        <Typography variant="pi" textColor="danger600">
          {balance.error}
        </Typography>
      )}
    </Card>
  );
}

function QueueCard({ queue, orders }: Pick<Overview, 'queue' | 'orders'>) {
  const { text, number } = useText();
  return (
    <Card title={text('queue')}>
      {orders !== null && (
        <>
          <Fact name={text('queue.work-list')}>
            <PageLink to="../orders">{number(orders.workList)}</PageLink>
          </Fact>
          <Fact name={text('queue.under-way')}>{number(orders.underWay)}</Fact>
        </>
      )}
      {queue !== null && (
        <>
          <Fact name={text('queue.waiting')}>{number(queue.waiting)}</Fact>
          <Fact name={text('queue.oldest')}>
            {text('seconds', { count: Math.round(queue.oldestDueSeconds) })}
          </Fact>
          <Fact name={text('queue.dead')}>
            <Typography textColor={queue.dead > 0 ? 'danger600' : 'neutral800'}>
              {number(queue.dead)}
            </Typography>
          </Fact>
        </>
      )}
      {queue === null && orders === null && (
        <Typography textColor="neutral600">{text('queue.none')}</Typography>
      )}
    </Card>
  );
}

function SyncsCard({ lastSyncs }: Pick<Overview, 'lastSyncs'>) {
  const { text, time } = useText();
  return (
    <Card title={text('last-syncs')} side={<PageLink to="../syncs">{text('page.syncs')}</PageLink>}>
      {SYNC_KINDS.map((kind) => {
        const run = lastSyncs[kind];
        return (
          <Fact key={kind} name={text(`sync.kind.${kind}`)}>
            {run === null ? (
              text('never')
            ) : (
              <Flex gap={2} justifyContent="flex-end" tag="span">
                <SyncBadge run={run} />
                <PageLink to={`../syncs/${run.id}`}>{time(run.finishedAt ?? run.startedAt)}</PageLink>
              </Flex>
            )}
          </Fact>
        );
      })}
    </Card>
  );
}

function Cards({ overview }: { overview: Overview }) {
  const { text } = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      {overview.notConnected.map(({ port, message }) => (
        <Notice key={port} tone="info" title={text('not-connected')}>
          {message}
        </Notice>
      ))}
      <Grid.Root gap={4}>
        {(['haier', 'ylh'] as const).map((system) => (
          <Grid.Item key={system} col={6} s={12} direction="column" alignItems="stretch">
            <ConnectionCard system={system} connection={overview.connections[system]} />
          </Grid.Item>
        ))}
        <Grid.Item col={4} s={12} direction="column" alignItems="stretch">
          <BalanceCard balance={overview.balance} />
        </Grid.Item>
        <Grid.Item col={4} s={12} direction="column" alignItems="stretch">
          <QueueCard queue={overview.queue} orders={overview.orders} />
        </Grid.Item>
        <Grid.Item col={4} s={12} direction="column" alignItems="stretch">
          <SyncsCard lastSyncs={overview.lastSyncs} />
        </Grid.Item>
        <Grid.Item col={12} direction="column" alignItems="stretch">
          <HoursChart hours={overview.hours} />
        </Grid.Item>
        {overview.queue !== null && overview.queue.dead > 0 && (
          <Grid.Item col={12} direction="column" alignItems="stretch">
            <DeadMessages />
          </Grid.Item>
        )}
      </Grid.Root>
    </Flex>
  );
}

/** How things stand with Haier and YLH, on one page. */
export function OverviewPage() {
  const query = useHaierOverviewQuery(undefined, {
    refetchOnMountOrArgChange: true,
    pollingInterval: WHILE_CALM_MS,
  });
  return <Answered query={query}>{(overview) => <Cards overview={overview} />}</Answered>;
}
