import { Button, Flex, Typography } from '@strapi/design-system';
import { useRBAC } from '@strapi/strapi/admin';

import { useStartHaierSyncMutation } from '../api';
import type { SyncKind } from '../api-types';
import { PageLink } from '../parts/page-link';
import { Fact } from '../parts/card';
import { usePress } from '../parts/use-press';
import { useText } from '../parts/use-text';
import { CAN_SYNC } from '../permissions';

/** What the form of a product tells of Haier. */
export interface ProductForm {
  source?: string;
  productCode?: string | null;
  productModel?: string | null;
  isSales?: boolean | null;
  noSalesReason?: string | null;
  lastSyncAt?: string | null;
}

const KINDS: readonly SyncKind[] = ['products', 'prices', 'stock'];

/** What Haier says of a product, and the buttons that ask again. */
export function HaierProductPanel({ product }: { product: ProductForm }) {
  const { text, time, zone } = useText();
  const { allowedActions } = useRBAC({ sync: CAN_SYNC });
  const [start, { isLoading }] = useStartHaierSyncMutation();
  const press = usePress();
  const { productCode } = product;
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Fact isStacked name={text('product.code')}>
        {productCode ?? '—'}
      </Fact>
      <Fact isStacked name={text('product.on-sale')}>
        {text(product.isSales === true ? 'yes' : 'no')}
      </Fact>
      {product.isSales !== true && typeof product.noSalesReason === 'string' && (
        <Typography variant="pi" textColor="warning700">
          {product.noSalesReason}
        </Typography>
      )}
      <Fact isStacked name={text('product.synced')}>
        {product.lastSyncAt == null ? text('never') : `${time(product.lastSyncAt)} ${zone}`}
      </Fact>
      {allowedActions.canSync === true && typeof productCode === 'string' && (
        <Flex direction="column" alignItems="stretch" gap={2}>
          {KINDS.map((kind) => (
            <Button
              key={kind}
              size="S"
              fullWidth
              variant="secondary"
              loading={isLoading}
              onClick={() => void press(start({ kind, productCodes: [productCode] }), 'sync.started')}
            >
              {text(`sync.begin.${kind}`)}
            </Button>
          ))}
        </Flex>
      )}
      <PageLink to="/plugins/haier-integration/syncs">{text('page.syncs')}</PageLink>
    </Flex>
  );
}
