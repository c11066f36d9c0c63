import { Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';

import type { Connection, System } from '../../api-types';
import { PageLink } from '../../parts/page-link';
import { Card, Fact } from '../../parts/card';
import { StateBadge } from '../../parts/state-badge';
import { upstreamWords } from '../../parts/upstream-words';
import { useText } from '../../parts/use-text';
import { CAN_SET } from '../../permissions';

/** Whether a system answers, and what it said last. */
export function ConnectionCard({ system, connection }: { system: System; connection: Connection }) {
  const { text, time, word } = useText();
  const { allowedActions } = useRBAC({ settings: CAN_SET });
  const { state, lastSuccess, lastFailure } = connection;
  return (
    <Card title={text(`system.${system}`)} side={<StateBadge group="connection" state={state} />}>
      {state === 'not_configured' && (
        <Typography textColor="neutral600">
          {text('connection.not-set')}{' '}
          {allowedActions.canSettings === true && (
            <PageLink to="../settings">{text('connection.set')}</PageLink>
          )}
        </Typography>
      )}
      <Fact name={text('connection.last-success')}>
        {lastSuccess === null
          ? text('never')
          : `${time(lastSuccess.at)} · ${word(`operation.${lastSuccess.operation}`, lastSuccess.operation)}`}
      </Fact>
      <Fact name={text('connection.last-failure')}>
        {lastFailure === null
          ? text('never')
          : `${time(lastFailure.at)} · ${word(`operation.${lastFailure.operation}`, lastFailure.operation)}`}
      </Fact>
      {state === 'failing' && lastFailure !== null && (
        <Typography variant="pi" textColor="danger600">
          {word(`outcome.${lastFailure.outcome}`, lastFailure.outcome)}{' '}
          <span translate="no">{upstreamWords(lastFailure.message)}</span>
        </Typography>
      )}
    </Card>
  );
}
