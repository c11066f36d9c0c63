import { Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import type { Column } from './list-view';

const PRODUCT_UID = 'api::product.product';
const LEDGER_UID = 'api::inventory.inventory-log';

/** Pieces a shopper can buy; red when there are none. Not sent to those who may not see stock. */
function Stock({ value }: { value: unknown }) {
  const { formatNumber } = useIntl();
  if (typeof value !== 'number') return <Typography textColor="neutral800">-</Typography>;
  return <Typography textColor={value > 0 ? 'neutral800' : 'danger600'}>{formatNumber(value)}</Typography>;
}

const STOCK_COLUMN: Column = {
  name: 'stock',
  label: { id: 'back-office.column.stock', defaultMessage: 'stock' },
  attribute: { type: 'custom' },
  sortable: false,
  cellFormatter: (row) => <Stock value={row.stock} />,
};

/** The product's name, which the server puts beside the id the row itself holds; the id where the product is gone. */
const named = (column: Column): Column => ({
  ...column,
  sortable: false,
  cellFormatter: (row) => (
    <Typography ellipsis textColor="neutral800" style={{ maxWidth: '32rem' }}>
      {String(row.productName ?? row.productDocumentId ?? '-')}
    </Typography>
  ),
});

/** Adds to tables what the server sends beside their rows: the stock of products, the names in the stock ledger. */
export function withColumnsBeside(uid: string, columns: Column[]): Column[] {
  if (uid === LEDGER_UID)
    return columns.map((column) => (column.name === 'productDocumentId' ? named(column) : column));
  if (uid !== PRODUCT_UID) return columns;
  const afterPrice = columns.findIndex(({ name }) => name === 'price') + 1;
  const place = afterPrice > 0 ? afterPrice : columns.length;
  return [...columns.slice(0, place), STOCK_COLUMN, ...columns.slice(place)];
}
