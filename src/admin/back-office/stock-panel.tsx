import { Divider, Flex, Loader, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';

import { Value } from '../content-manager/value';
import { AdjustStockButton } from './adjust-stock';
import { type StockFile, useStockFileQuery } from './api';
import { CAN_ADJUST_STOCK } from './permissions';

function Figure({ labelId, value, isMain = false }: { labelId: string; value: number; isMain?: boolean }) {
  const { formatMessage, formatNumber } = useIntl();
  return (
    <Flex direction="column" alignItems="flex-start" gap={1} flex="1">
      <Typography variant="pi" textColor="neutral600">
        {formatMessage({ id: labelId })}
      </Typography>
      <Typography variant="beta" textColor={isMain && value <= 0 ? 'danger600' : 'neutral800'}>
        {formatNumber(value)}
      </Typography>
    </Flex>
  );
}

function Log({ log }: Pick<StockFile, 'log'>) {
  const { formatMessage, formatDate } = useIntl();
  if (log.length === 0) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {formatMessage({ id: 'back-office.stock.no-log' })}
      </Typography>
    );
  }
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      {log.map((line, place) => (
        <Flex key={place} direction="column" alignItems="stretch" gap={1}>
          <Flex justifyContent="space-between" gap={2}>
            <Flex gap={2}>
              <Value uid="api::inventory.inventory-log" field="changeType" value={line.changeType} />
              <Typography fontWeight="semiBold">
                {line.quantity > 0 ? `+${line.quantity}` : String(line.quantity)}
              </Typography>
            </Flex>
            <Typography variant="pi" textColor="neutral600" style={{ whiteSpace: 'nowrap' }}>
              {line.createdAt === null
                ? ''
                : formatDate(line.createdAt, { dateStyle: 'short', timeStyle: 'short' })}
            </Typography>
          </Flex>
          <Typography variant="pi" textColor="neutral600">
            {formatMessage(
              { id: 'back-office.stock.after' },
              { onHand: line.onHandAfter, locked: line.lockedAfter },
            )}
            {line.reason === null ? '' : ` · ${line.reason}`}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
}

/** A product's stock, the button to change it, and its last movements. */
export function StockPanel({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const { allowedActions } = useRBAC(CAN_ADJUST_STOCK);
  const { data: stock } = useStockFileQuery(id, { refetchOnMountOrArgChange: true });
  if (stock === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      <Flex gap={2}>
        <Figure labelId="back-office.stock.available" value={stock.stock} isMain />
        <Figure labelId="back-office.stock.on-hand" value={stock.onHand} />
        <Figure labelId="back-office.stock.locked" value={stock.locked} />
      </Flex>
      {allowedActions.canAdjust === true && <AdjustStockButton id={id} />}
      <Divider />
      <Typography variant="sigma" textColor="neutral600">
        {formatMessage({ id: 'back-office.stock.log' })}
      </Typography>
      <Log log={stock.log} />
    </Flex>
  );
}
