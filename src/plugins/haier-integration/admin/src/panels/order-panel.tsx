import { Flex, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';

import { useHaierOrderQuery } from '../api';
import { PageLink } from '../parts/page-link';
import { Fact } from '../parts/card';
import { StateBadge } from '../parts/state-badge';
import { Answered } from '../parts/states';
import { useText } from '../parts/use-text';
import { OrderActions } from '../pages/orders/order-actions';
import { CAN_READ } from '../permissions';

/** Whether an order is one of Haier's and may be seen here; false for the shop's own goods. */
export function useHasHaierOrder(id: string | undefined): boolean {
  const { allowedActions } = useRBAC({ read: CAN_READ });
  const { data, isError } = useHaierOrderQuery(id ?? '', {
    skip: id === undefined || allowedActions.canRead !== true,
  });
  return data !== undefined && !isError;
}

/** Where an order stands at Haier, and the buttons that make sense now. */
export function HaierOrderPanel({ id }: { id: string }) {
  const { text, time, zone, word, said } = useText();
  const query = useHaierOrderQuery(id, { refetchOnMountOrArgChange: true });
  return (
    <Answered query={query}>
      {(order) => (
        <Flex direction="column" alignItems="stretch" gap={3} width="100%">
          <Flex>
            <StateBadge group="haier-status" state={order.haierStatus} />
          </Flex>
          {order.work !== null && (
            <Typography textColor="warning700" fontWeight="semiBold">
              {word(`work.${order.work.reason}`, order.work.reason)}
            </Typography>
          )}
          {order.message !== null && (
            <Typography variant="pi" textColor="neutral700">
              {said(order.message)}
            </Typography>
          )}
          <Fact isStacked name={text('order.haier-number')}>
            {order.haierOrderNo ?? '—'}
          </Fact>
          <Fact isStacked name={text('order.so-id')}>
            {order.soId ?? '—'}
          </Fact>
          {order.distributionDate !== null && (
            <Fact isStacked name={text('order.distribution')}>
              {order.distributionDate}
            </Fact>
          )}
          {order.installDate !== null && (
            <Fact isStacked name={text('order.install')}>
              {order.installDate}
            </Fact>
          )}
          {order.paidAt !== null && (
            <Fact isStacked name={text('order.paid-at')}>{`${time(order.paidAt)} ${zone}`}</Fact>
          )}
          <OrderActions order={order} isNarrow />
          <PageLink to="/plugins/haier-integration/orders">{text('page.orders')}</PageLink>
        </Flex>
      )}
    </Answered>
  );
}
