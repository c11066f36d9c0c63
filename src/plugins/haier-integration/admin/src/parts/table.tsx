import { Table, Tbody, Td, Th, Thead, Tr, Typography, VisuallyHidden } from '@strapi/design-system';
import * as React from 'react';

export interface Column<Row> {
  name: string;
  title: string;
  /** The title is for those who cannot see what stands below it. */
  isTitleHidden?: boolean;
  cell: (row: Row) => React.ReactNode;
}

interface RowsProps<Row> {
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  /** What a click on a row does; left out, rows are not for clicking. */
  open?: (row: Row) => void;
}

/** A table of rows. A row that opens something can be reached by keyboard too. */
export function Rows<Row>({ columns, rows, keyOf, open }: RowsProps<Row>) {
  const opening = (row: Row) =>
    open === undefined
      ? {}
      : {
          onClick: () => open(row),
          onKeyDown: (event: React.KeyboardEvent) => {
            if (event.key === 'Enter' && event.target === event.currentTarget) open(row);
          },
          tabIndex: 0,
          style: { cursor: 'pointer' },
        };
  return (
    <Table colCount={columns.length} rowCount={rows.length + 1}>
      <Thead>
        <Tr>
          {columns.map(({ name, title, isTitleHidden }) => (
            <Th key={name}>
              {isTitleHidden === true ? (
                <VisuallyHidden>{title}</VisuallyHidden>
              ) : (
                <Typography variant="sigma" textColor="neutral600">
                  {title}
                </Typography>
              )}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={keyOf(row)} {...opening(row)}>
            {columns.map(({ name, cell }) => (
              <Td key={name}>
                <Typography tag="div" textColor="neutral800">
                  {cell(row)}
                </Typography>
              </Td>
            ))}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
