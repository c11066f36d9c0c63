import { Box, Flex, Searchbar, SearchForm, Typography } from '@strapi/design-system';
import * as React from 'react';

import { useHaierOrdersQuery } from '../../api';
import type { HaierOrder } from '../../api-types';
import { PageLink } from '../../parts/page-link';
import { Card } from '../../parts/card';
import { Choice } from '../../parts/choice';
import { Pager } from '../../parts/pager';
import { StateBadge } from '../../parts/state-badge';
import { Answered, Empty } from '../../parts/states';
import { type Column, Rows } from '../../parts/table';
import { useText } from '../../parts/use-text';
import { WHILE_CALM_MS } from '../../parts/use-tick';
import { useAge } from './use-age';
import { OrderActions } from './order-actions';

const VIEWS = ['work-list', 'all'] as const;
const HAIER_STATUSES = [
  'push_pending',
  'push_failed',
  'pushed',
  'confirmed',
  'confirm_refused',
  'out_of_stock',
  'cancel_pending',
  'cancelled',
  'cancel_refused',
] as const;

const formOf = ({ id }: HaierOrder): string => `/content-manager/collection-types/api::order.order/${id}`;

function useColumns(): Column<HaierOrder>[] {
  const { text, time, money, word, said } = useText();
  const age = useAge();
  return [
    {
      name: 'order',
      title: text('order.number'),
      cell: (order) => (
        <Flex direction="column" alignItems="flex-start">
          <PageLink to={formOf(order)}>{order.orderNumber}</PageLink>
          <Typography variant="pi" textColor="neutral600">
            {order.haierOrderNo ?? ''}
          </Typography>
        </Flex>
      ),
    },
    {
      name: 'state',
      title: text('order.state'),
      cell: ({ haierStatus, status }) => (
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <StateBadge group="haier-status" state={haierStatus} />
          <Typography variant="pi" textColor="neutral600">
            {word(`order-status.${status}`, status)}
          </Typography>
        </Flex>
      ),
    },
    {
      name: 'work',
      title: text('order.why'),
      cell: ({ work, message }) => (
        <Flex direction="column" alignItems="flex-start" minWidth="170px" maxWidth="320px">
          {work !== null && (
            <Typography fontWeight="semiBold" style={{ whiteSpace: 'normal' }}>
              {`${word(`work.${work.reason}`, work.reason)} · ${age(work.since)}`}
            </Typography>
          )}
          <Typography variant="pi" textColor="neutral600" style={{ whiteSpace: 'normal' }}>
            {message === null ? '' : said(message)}
          </Typography>
        </Flex>
      ),
    },
    {
      name: 'product',
      title: text('order.product'),
      cell: ({ productName, productCode, district }) => (
        <Flex direction="column" alignItems="flex-start" maxWidth="160px">
          <Typography style={{ whiteSpace: 'normal' }}>{productName}</Typography>
          <Typography variant="pi" textColor="neutral600">
            {[productCode, district].filter(Boolean).join(' · ')}
          </Typography>
        </Flex>
      ),
    },
    {
      name: 'amount',
      title: text('order.amount'),
      cell: ({ amountFen, paidAt }) => (
        <Flex direction="column" alignItems="flex-start">
          {money(amountFen)}
          <Typography variant="pi" textColor="neutral600">
            {text('order.paid-when', { time: time(paidAt) })}
          </Typography>
        </Flex>
      ),
    },
    {
      name: 'actions',
      title: text('actions'),
      isTitleHidden: true,
      cell: (order) => (
        <Box width="200px">
          <OrderActions order={order} />
        </Box>
      ),
    },
  ];
}

/** The orders at Haier; first of all those that need a person. */
export function OrdersPage() {
  const { text, number } = useText();
  const [view, setView] = React.useState<string>('work-list');
  const [haierStatus, setHaierStatus] = React.useState<string | undefined>();
  const [typed, setTyped] = React.useState('');
  const [search, setSearch] = React.useState<string | undefined>();
  const [page, setPage] = React.useState(1);
  const query = useHaierOrdersQuery(
    { view, haierStatus, search, page, pageSize: 20 },
    { refetchOnMountOrArgChange: true, pollingInterval: WHILE_CALM_MS },
  );
  const columns = useColumns();
  const look = (words: string) => {
    setSearch(words.trim() === '' ? undefined : words.trim());
    setPage(1);
  };
  return (
    <Card
      title={text('page.orders')}
      side={
        query.data !== undefined && (
          <Typography textColor="neutral600">
            {text('order.counts', {
              workList: number(query.data.meta.workList),
              underWay: number(query.data.meta.underWay),
            })}
          </Typography>
        )
      }
    >
      <Flex gap={2} wrap="wrap">
        <Choice
          label={text('order.view')}
          group="order.view"
          options={VIEWS}
          value={view}
          choose={(chosen) => {
            setView(chosen ?? 'all');
            setPage(1);
          }}
        />
        <Choice
          label={text('order.state')}
          group="haier-status"
          options={HAIER_STATUSES}
          value={haierStatus}
          choose={(chosen) => {
            setHaierStatus(chosen);
            setPage(1);
          }}
        />
        <Box width="320px">
          <SearchForm
            onSubmit={(event: React.FormEvent) => {
              event.preventDefault();
              look(typed);
            }}
          >
            <Searchbar
              name="search"
              size="S"
              value={typed}
              onChange={(event: React.ChangeEvent<HTMLInputElement>) => setTyped(event.target.value)}
              onClear={() => {
                setTyped('');
                look('');
              }}
              clearLabel={text('clear')}
              placeholder={text('order.search')}
            >
              {text('order.search')}
            </Searchbar>
          </SearchForm>
        </Box>
      </Flex>
      <Answered query={query}>
        {({ data, meta }) =>
          data.length === 0 ? (
            <Empty words={text(view === 'work-list' ? 'order.none-to-do' : 'order.none')} />
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
