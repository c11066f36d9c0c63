import { Box, Flex, Typography } from '@strapi/design-system';
import { Widget } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';
import { Link } from 'react-router-dom';

import { Value } from '../content-manager/value';
import { useReconciliationDeskQuery } from './reconciliation-api';
import { StartButton } from './reconciliation-panels';

const RUN_UID = 'api::reconciliation.reconciliation-run';
const OPEN_LIST =
  '/content-manager/collection-types/api::reconciliation.reconciliation-difference?page=1&pageSize=20&sort=createdAt:DESC&filters[$and][0][status][$eq]=open';

/** The last days' bills and how many differences wait. */
export function ReconciliationWidget() {
  const { formatMessage, formatNumber } = useIntl();
  const { data, isError } = useReconciliationDeskQuery(undefined, { refetchOnMountOrArgChange: true });
  if (isError) return <Widget.Error />;
  if (data === undefined) return <Widget.Loading />;
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      <Box
        tag={Link}
        to={OPEN_LIST}
        padding={3}
        hasRadius
        style={{ textDecoration: 'none' }}
        background={data.openDifferences > 0 ? 'warning100' : 'neutral100'}
      >
        <Flex justifyContent="space-between">
          <Typography textColor="neutral800">
            {formatMessage({ id: 'back-office.reconciliation.open' })}
          </Typography>
          <Typography variant="beta" textColor={data.openDifferences > 0 ? 'warning700' : 'neutral500'}>
            {formatNumber(data.openDifferences)}
          </Typography>
        </Flex>
      </Box>
      {data.runs.length === 0 && (
        <Typography variant="pi" textColor="neutral600">
          {formatMessage({ id: 'back-office.reconciliation.none' })}
        </Typography>
      )}
      {data.runs.map((run) => (
        <Flex key={run.documentId} justifyContent="space-between" gap={2}>
          <Typography
            tag={Link}
            textColor="neutral800"
            to={`/content-manager/collection-types/${RUN_UID}/${run.documentId}`}
          >
            {run.billDate}
          </Typography>
          {run.status === 'completed' ? (
            <Typography textColor={run.openCount > 0 ? 'warning700' : 'neutral600'}>
              {formatMessage({ id: 'back-office.reconciliation.open-count' }, { count: run.openCount })}
            </Typography>
          ) : (
            <Value uid={RUN_UID} field="status" value={run.status} />
          )}
        </Flex>
      ))}
      <StartButton />
    </Flex>
  );
}
