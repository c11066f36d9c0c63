import { Button, Flex, Typography } from '@strapi/design-system';
import { ChevronLeft, ChevronRight } from '@strapi/icons';

import { useText } from './use-text';

export interface PageMeta {
  page: number;
  pageSize: number;
  pageCount: number;
  total: number;
  isTotalCapped?: boolean;
}

/** Back and on through a long list. */
export function Pager({ meta, turn }: { meta: PageMeta; turn: (page: number) => void }) {
  const { text, number } = useText();
  const { page, pageCount, total, isTotalCapped } = meta;
  return (
    <Flex justifyContent="space-between" gap={4} paddingTop={4}>
      <Typography variant="pi" textColor="neutral600">
        {text(isTotalCapped === true ? 'pager.at-least' : 'pager.total', { total: number(total) })}
      </Typography>
      {(pageCount > 1 || page > 1) && (
        <Flex gap={2}>
          <Button
            variant="tertiary"
            disabled={page <= 1}
            startIcon={<ChevronLeft />}
            onClick={() => turn(page - 1)}
          >
            {text('pager.back')}
          </Button>
          <Typography variant="pi" textColor="neutral600">
            {text('pager.page', { page, pageCount: Math.max(pageCount, 1) })}
          </Typography>
          <Button
            variant="tertiary"
            disabled={page >= pageCount}
            endIcon={<ChevronRight />}
            onClick={() => turn(page + 1)}
          >
            {text('pager.on')}
          </Button>
        </Flex>
      )}
    </Flex>
  );
}
