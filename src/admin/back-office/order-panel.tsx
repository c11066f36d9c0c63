import { Divider, Flex, Loader, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import { Value } from '../content-manager/value';
import { type OrderFile, useOrderFileQuery } from './api';
import { CancelButton, ShipButton, useMayWorkOrders } from './order-buttons';
import { RefundDecision } from './refund-decision';
import { StartRefundButton, useMayRefund } from './start-refund';

/** How the history notes a step at Haier: `pushed → confirmed`, with words of Haier's behind a colon. */
const HAIER_STEP = /^(\w+) → (\w+)(?:: (.*))?$/s;

/** Why an entry was made, in the reader's words. */
function useReason(): (reason: string) => string {
  const { formatMessage, messages } = useIntl();
  const status = (value: string): string => {
    const id = `back-office.value.api::order.order.haierStatus.${value}`;
    return id in messages ? formatMessage({ id }) : value;
  };
  return (reason) => {
    const [, from, to, words] = HAIER_STEP.exec(reason) ?? [];
    if (from === undefined || to === undefined) return reason;
    return [`${status(from)} → ${status(to)}`, words].filter(Boolean).join(' · ');
  };
}

function History({ history }: Pick<OrderFile, 'history'>) {
  const { formatMessage, formatDate } = useIntl();
  const reasonOf = useReason();
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Typography variant="sigma" textColor="neutral600">
        {formatMessage({ id: 'back-office.order.history' })}
      </Typography>
      {history.map((entry, place) => (
        <Flex key={place} direction="column" alignItems="stretch" gap={1}>
          <Flex justifyContent="space-between" gap={2}>
            <Value uid="api::order.order-history" field="event" value={entry.event} />
            <Typography variant="pi" textColor="neutral600" style={{ whiteSpace: 'nowrap' }}>
              {entry.createdAt === null
                ? ''
                : formatDate(entry.createdAt, { dateStyle: 'short', timeStyle: 'short' })}
            </Typography>
          </Flex>
          <Typography variant="pi" textColor="neutral600">
            {formatMessage({ id: `back-office.value.api::order.order-history.actorType.${entry.actorType}` })}
            {entry.actorType === 'staff' || entry.actorType === 'shopper'
              ? ` · ${entry.actorName ?? ''}`
              : ''}
            {entry.reason === null ? '' : ` · ${reasonOf(entry.reason)}`}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
}

/** The parcel, and what WeChat knows of it. */
function ParcelLines({ order }: { order: OrderFile }) {
  const { formatMessage, formatDate } = useIntl();
  if (order.trackingNumber === null) return null;
  return (
    <>
      <Typography variant="pi" textColor="neutral700">
        {formatMessage({ id: 'back-office.order.parcel' })}: {order.shippingCompany} {order.trackingNumber}
      </Typography>
      {order.shippingUploadedAt !== null && (
        <Typography variant="pi" textColor="neutral600">
          {formatMessage({ id: 'back-office.order.wechat-told' })} ·{' '}
          {formatDate(order.shippingUploadedAt, { dateStyle: 'short', timeStyle: 'short' })}
        </Typography>
      )}
      {order.shippingUploadNote !== null && (
        <Typography variant="pi" textColor="warning700">
          {order.shippingUploadNote}
        </Typography>
      )}
    </>
  );
}

/** Where an order stands, the buttons that fit, its refunds, and how it came there. */
export function OrderPanel({ id }: { id: string }) {
  const { formatMessage } = useIntl();
  const mayWork = useMayWorkOrders();
  const mayRefund = useMayRefund();
  const { data: order } = useOrderFileQuery(id, { refetchOnMountOrArgChange: true });
  if (order === undefined) return <Loader small>{formatMessage({ id: 'back-office.loading' })}</Loader>;
  const canShip = mayWork && order.allowed.includes('ship');
  const canCancel = mayWork && order.allowed.includes('cancel');
  const canRefund = mayRefund && order.allowed.includes('requestRefund');
  const waits = order.refunds.some(({ status }) => status === 'requested');
  return (
    <Flex direction="column" alignItems="stretch" gap={4} width="100%">
      <Value uid="api::order.order" field="status" value={order.status} />
      {canShip && order.isShippedByHaier && (
        <Typography variant="pi" textColor="warning700">
          {formatMessage({ id: 'back-office.order.haier-ships' })}
        </Typography>
      )}
      {canShip && <ShipButton id={id} />}
      {canCancel && <CancelButton id={id} />}
      {canRefund && <StartRefundButton id={id} isShipped={order.isShipped} />}
      {!canShip && !canCancel && !canRefund && !waits && (
        <Typography variant="pi" textColor="neutral600">
          {formatMessage({ id: 'back-office.order.nothing' })}
        </Typography>
      )}
      <ParcelLines order={order} />
      {order.refunds.length > 0 && <Divider />}
      {order.refunds.map((refund) => (
        <RefundDecision key={refund.documentId} refund={refund} />
      ))}
      <Divider />
      <History history={order.history} />
    </Flex>
  );
}
