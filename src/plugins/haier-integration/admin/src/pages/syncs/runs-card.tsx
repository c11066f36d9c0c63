import * as React from 'react';
import { useNavigate } from 'react-router-dom';

import { useHaierSyncsQuery } from '../../api';
import { SYNC_KINDS, type SyncRun } from '../../api-types';
import { Card } from '../../parts/card';
import { Choice } from '../../parts/choice';
import { Pager } from '../../parts/pager';
import { SyncBadge } from '../../parts/state-badge';
import { Answered, Empty } from '../../parts/states';
import { type Column, Rows } from '../../parts/table';
import { useText } from '../../parts/use-text';
import { WHILE_BUSY_MS, WHILE_CALM_MS } from '../../parts/use-tick';
import { RunProgress } from './run-progress';

const isUnderWay = ({ status }: SyncRun): boolean => status === 'queued' || status === 'running';

/** The runs, newest first; those under way move while one looks. */
export function RunsCard() {
  const { text, time, number } = useText();
  const go = useNavigate();
  const [page, setPage] = React.useState(1);
  const [kind, setKind] = React.useState<string | undefined>();
  const [isBusy, setBusy] = React.useState(false);
  const query = useHaierSyncsQuery(
    { page, pageSize: 10, kind },
    { refetchOnMountOrArgChange: true, pollingInterval: isBusy ? WHILE_BUSY_MS : WHILE_CALM_MS },
  );
  const runs = query.data?.data;
  React.useEffect(() => setBusy(runs?.some(isUnderWay) ?? false), [runs]);

  const columns: Column<SyncRun>[] = [
    { name: 'kind', title: text('sync.kind'), cell: (run) => text(`sync.kind.${run.kind}`) },
    {
      name: 'status',
      title: text('sync.status'),
      cell: (run) => <SyncBadge run={run} />,
    },
    { name: 'progress', title: text('sync.progress'), cell: (run) => <RunProgress run={run} /> },
    ...(['created', 'changed', 'unchanged', 'unlisted', 'failed'] as const).map((name) => ({
      name,
      title: text(`sync.count.${name}`),
      cell: (run: SyncRun) => number(run[name]),
    })),
    {
      name: 'trigger',
      title: text('sync.trigger'),
      cell: ({ trigger, requestedBy }) =>
        trigger === 'staff' && requestedBy !== null ? requestedBy : text(`sync.trigger.${trigger}`),
    },
    {
      name: 'startedAt',
      title: text('sync.started-at'),
      cell: (run) => time(run.startedAt ?? run.createdAt),
    },
  ];
  return (
    <Card
      title={text('sync.runs')}
      side={
        <Choice
          label={text('sync.kind')}
          group="sync.kind"
          options={SYNC_KINDS}
          value={kind}
          choose={(chosen) => {
            setKind(chosen);
            setPage(1);
          }}
        />
      }
    >
      <Answered query={query}>
        {({ data, meta }) =>
          data.length === 0 ? (
            <Empty words={text('sync.none')} />
          ) : (
            <>
              <Rows columns={columns} rows={data} keyOf={({ id }) => id} open={({ id }) => go(String(id))} />
              <Pager meta={meta.pagination} turn={setPage} />
            </>
          )
        }
      </Answered>
    </Card>
  );
}
