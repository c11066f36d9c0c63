/** What a page shows while there is nothing else to show. */
import { Box, Button, EmptyStateLayout, Flex, Loader, Typography } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';
import * as React from 'react';

import { useErrorText } from './use-press';
import { useText } from './use-text';

export function Waiting() {
  const { text } = useText();
  return (
    <Flex justifyContent="center" padding={8}>
      <Loader>{text('loading')}</Loader>
    </Flex>
  );
}

interface FailedProps {
  error: unknown;
  again: () => unknown;
  isBusy: boolean;
}

export function Failed({ error, again, isBusy }: FailedProps) {
  const { text } = useText();
  const errorText = useErrorText();
  return (
    <Box background="neutral0" padding={8} hasRadius shadow="tableShadow" role="alert">
      <Flex direction="column" gap={4}>
        <Typography textColor="danger600">{errorText(error)}</Typography>
        <Button
          variant="secondary"
          startIcon={<ArrowClockwise />}
          loading={isBusy}
          onClick={() => void again()}
        >
          {text('again')}
        </Button>
      </Flex>
    </Box>
  );
}

export function Empty({ words, action }: { words: string; action?: React.ReactNode }) {
  return <EmptyStateLayout content={words} action={action} />;
}

interface Query<Data> {
  /** The last answer, also of an earlier question. */
  data?: Data;
  /** The answer to this question. */
  currentData?: Data;
  error?: unknown;
  isError: boolean;
  isFetching: boolean;
  refetch: () => unknown;
}

/**
 * The page of a question: waiting, failed, or its answer. While another page of a list is on its way the old one stays, dimmed; an
 * answer stays below the words about a newer one that did not come.
 */
export function Answered<Data>({
  query,
  children,
}: {
  query: Query<Data>;
  children: (data: Data) => React.ReactNode;
}) {
  const { data, currentData, error, isError, isFetching, refetch } = query;
  const shown = isError ? currentData : data;
  const isOld = shown !== undefined && currentData === undefined;
  if (shown === undefined && !isError) return <Waiting />;
  return (
    <>
      {isError && <Failed error={error} again={refetch} isBusy={isFetching} />}
      {shown !== undefined && (
        <Box width="100%" aria-busy={isOld} style={{ opacity: isOld ? 0.5 : 1 }}>
          {children(shown)}
        </Box>
      )}
    </>
  );
}
