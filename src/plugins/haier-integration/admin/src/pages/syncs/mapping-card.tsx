import { Button, Flex, SingleSelect, SingleSelectOption, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import * as React from 'react';

import { useHaierMappingsQuery, useSaveHaierMappingsMutation } from '../../api';
import type { Mapping, NamedDocument } from '../../api-types';
import { Card } from '../../parts/card';
import { Choice } from '../../parts/choice';
import { Pager } from '../../parts/pager';
import { Answered, Empty } from '../../parts/states';
import { type Column, Rows } from '../../parts/table';
import { usePress } from '../../parts/use-press';
import { useText } from '../../parts/use-text';
import { WHILE_CALM_MS } from '../../parts/use-tick';
import { CAN_SYNC } from '../../permissions';

const KINDS = ['brand', 'category'] as const;
const NOTHING = 'none';
const keyOf = ({ kind, haierName }: Pick<Mapping, 'kind' | 'haierName'>): string => `${kind} ${haierName}`;

interface TargetProps {
  mapping: Mapping;
  targets: NamedDocument[];
  chosen: string | null;
  isDisabled: boolean;
  choose: (target: string | null) => void;
}

function Target({ mapping, targets, chosen, isDisabled, choose }: TargetProps) {
  const { text } = useText();
  return (
    <SingleSelect
      aria-label={`${mapping.haierName} · ${text(`mapping.kind.${mapping.kind}`)}`}
      size="S"
      disabled={isDisabled}
      value={chosen ?? NOTHING}
      onChange={(value: string | number) => choose(value === NOTHING ? null : String(value))}
    >
      <SingleSelectOption value={NOTHING}>{text('mapping.nothing')}</SingleSelectOption>
      {targets.map(({ documentId, name }) => (
        <SingleSelectOption key={documentId} value={documentId}>
          {name}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
}

/** Which brand and category of the shop a name of Haier stands for. */
export function MappingCard() {
  const { text, time } = useText();
  const { allowedActions } = useRBAC({ sync: CAN_SYNC });
  const [page, setPage] = React.useState(1);
  const [kind, setKind] = React.useState<string | undefined>();
  const [changes, setChanges] = React.useState<
    Record<string, Pick<Mapping, 'kind' | 'haierName' | 'target'>>
  >({});
  const query = useHaierMappingsQuery(
    { page, pageSize: 20, kind },
    { refetchOnMountOrArgChange: true, pollingInterval: WHILE_CALM_MS },
  );
  const [save, { isLoading }] = useSaveHaierMappingsMutation();
  const press = usePress();
  const mayChange = allowedActions.canSync === true;
  const targets = query.data?.meta.targets;

  const columns: Column<Mapping>[] = [
    { name: 'kind', title: text('mapping.kind'), cell: (row) => text(`mapping.kind.${row.kind}`) },
    { name: 'haierName', title: text('mapping.haier-name'), cell: ({ haierName }) => haierName },
    {
      name: 'target',
      title: text('mapping.target'),
      cell: (mapping) => (
        <Target
          mapping={mapping}
          targets={targets?.[mapping.kind] ?? []}
          isDisabled={!mayChange}
          chosen={(changes[keyOf(mapping)] ?? mapping).target}
          choose={(target) =>
            setChanges({
              ...changes,
              [keyOf(mapping)]: { kind: mapping.kind, haierName: mapping.haierName, target },
            })
          }
        />
      ),
    },
    { name: 'seenAt', title: text('mapping.seen'), cell: ({ seenAt }) => time(seenAt) },
  ];
  const saveAll = async () => {
    if (await press(save(Object.values(changes)), 'saved')) setChanges({});
  };
  return (
    <Card
      title={text('mapping')}
      side={
        <Flex gap={2}>
          <Choice
            label={text('mapping.kind')}
            group="mapping.kind"
            options={KINDS}
            value={kind}
            choose={setKind}
          />
          {mayChange && (
            <Button
              size="S"
              loading={isLoading}
              disabled={Object.keys(changes).length === 0}
              onClick={() => void saveAll()}
            >
              {text('save')}
            </Button>
          )}
        </Flex>
      }
    >
      <Typography textColor="neutral600">{text('mapping.words')}</Typography>
      <Answered query={query}>
        {({ data, meta }) =>
          data.length === 0 ? (
            <Empty words={text('mapping.none')} />
          ) : (
            <>
              <Rows columns={columns} rows={data} keyOf={keyOf} />
              <Pager meta={meta.pagination} turn={setPage} />
            </>
          )
        }
      </Answered>
    </Card>
  );
}
