import { Box, Button, Field, Flex, TextInput, Typography } from '@strapi/design-system';
import { useDebounce } from '@strapi/strapi/admin';
import * as React from 'react';

import { useHaierCallsQuery } from '../../api';
import type { CallLine } from '../../api-types';
import { Card } from '../../parts/card';
import { Choice } from '../../parts/choice';
import { Pager } from '../../parts/pager';
import { StateBadge } from '../../parts/state-badge';
import { Answered, Empty } from '../../parts/states';
import { type Column, Rows } from '../../parts/table';
import { upstreamWords } from '../../parts/upstream-words';
import { useText } from '../../parts/use-text';
import { CallDialog } from './call-dialog';

const SYSTEMS = ['haier', 'ylh'] as const;
const OUTCOMES = [
  'ok',
  'failed',
  'rejected',
  'unauthorized',
  'unavailable',
  'unknown_outcome',
  'bad_answer',
  'not_configured',
] as const;
const OPERATIONS = [
  'authenticate',
  'listProducts',
  'readPrices',
  'readStock',
  'readLogistics',
  'readBalances',
  'createOrder',
  'cancelOrder',
  'reschedule',
  'listDeliveryImages',
  'listTracking',
] as const;

interface Filters {
  system?: string;
  operation?: string;
  outcome?: string;
  from?: string;
  to?: string;
}

const asMoment = (local: string | undefined): string | undefined =>
  local === undefined || local === '' ? undefined : new Date(local).toISOString();

function useColumns(): Column<CallLine>[] {
  const { text, time, number, word } = useText();
  return [
    { name: 'at', title: text('call.at'), cell: ({ calledAt }) => time(calledAt) },
    { name: 'system', title: text('call.system'), cell: ({ system }) => text(`system.${system}`) },
    {
      name: 'operation',
      title: text('call.operation'),
      cell: ({ operation }) => word(`operation.${operation}`, operation),
    },
    {
      name: 'outcome',
      title: text('call.outcome'),
      cell: ({ outcome }) => <StateBadge group="outcome" state={outcome} />,
    },
    { name: 'subject', title: text('call.subject'), cell: ({ subject }) => subject ?? '—' },
    {
      name: 'message',
      title: text('call.message'),
      cell: ({ message, httpStatus }) => (
        <Typography variant="pi" translate="no" style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
          {[httpStatus === null ? '' : `HTTP ${httpStatus}`, upstreamWords(message)]
            .filter((part) => part !== '')
            .join(' · ')}
        </Typography>
      ),
    },
    { name: 'ms', title: text('call.ms'), cell: ({ durationMs }) => number(durationMs) },
  ];
}

/** The log of all calls, to look for one of them. */
export function CallsPage() {
  const { text } = useText();
  const [filters, setFilters] = React.useState<Filters>({});
  const [typed, setTyped] = React.useState('');
  const subject = useDebounce(typed.trim(), 300);
  const [page, setPage] = React.useState(1);
  const [opened, setOpened] = React.useState<number | null>(null);
  const { from, to, ...exact } = filters;
  const query = useHaierCallsQuery(
    {
      ...exact,
      subject: subject === '' ? undefined : subject,
      from: asMoment(from),
      to: asMoment(to),
      page,
      pageSize: 20,
    },
    { refetchOnMountOrArgChange: true },
  );
  const columns = useColumns();
  const isNarrowed =
    typed !== '' || Object.values(filters).some((value) => value !== undefined && value !== '');
  const choose = (name: keyof Filters) => (value: string | undefined) => {
    setFilters({ ...filters, [name]: value });
    setPage(1);
  };
  return (
    <Card title={text('page.calls')}>
      <Flex gap={2} wrap="wrap" alignItems="flex-end">
        <Choice
          label={text('call.system')}
          group="system"
          options={SYSTEMS}
          value={filters.system}
          choose={choose('system')}
        />
        <Choice
          label={text('call.operation')}
          group="operation"
          options={OPERATIONS}
          value={filters.operation}
          choose={choose('operation')}
        />
        <Choice
          label={text('call.outcome')}
          group="outcome"
          options={OUTCOMES}
          value={filters.outcome}
          choose={choose('outcome')}
        />
        <Box width="280px">
          <TextInput
            name="subject"
            size="S"
            aria-label={text('call.subject.search')}
            placeholder={text('call.subject.search')}
            value={typed}
            maxLength={64}
            onChange={(event: React.ChangeEvent<HTMLInputElement>) => {
              setTyped(event.target.value);
              setPage(1);
            }}
          />
        </Box>
        {(['from', 'to'] as const).map((name) => (
          <Field.Root key={name} name={name}>
            <Field.Label>{text(`call.${name}`)}</Field.Label>
            <TextInput
              name={name}
              size="S"
              type="datetime-local"
              value={filters[name] ?? ''}
              onChange={(event: React.ChangeEvent<HTMLInputElement>) => choose(name)(event.target.value)}
            />
          </Field.Root>
        ))}
        {isNarrowed && (
          <Button
            variant="tertiary"
            onClick={() => {
              setFilters({});
              setTyped('');
              setPage(1);
            }}
          >
            {text('call.clear')}
          </Button>
        )}
      </Flex>
      <Answered query={query}>
        {({ data, meta }) =>
          data.length === 0 ? (
            <Empty words={text(isNarrowed ? 'call.none' : 'call.none-yet')} />
          ) : (
            <>
              <Rows columns={columns} rows={data} keyOf={({ id }) => id} open={({ id }) => setOpened(id)} />
              <Pager meta={meta.pagination} turn={setPage} />
            </>
          )
        }
      </Answered>
      {opened !== null && <CallDialog id={opened} close={() => setOpened(null)} />}
    </Card>
  );
}
