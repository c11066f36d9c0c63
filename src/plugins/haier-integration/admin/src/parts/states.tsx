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

export function Failed({ error, again }: { error: unknown; again: () => unknown }) {
  const { text } = useText();
  const errorText = useErrorText();
  return (
    <Box background="neutral0" padding={8} hasRadius shadow="tableShadow" role="alert">
      <Flex direction="column" gap={4}>
        <Typography textColor="danger600">{errorText(error)}</Typography>
        <Button variant="secondary" startIcon={<ArrowClockwise />} onClick={() => void again()}>
          {text('again')}
        </Button>
      </Flex>
    </Box>
  );
}

export function Empty({ words, action }: { words: string; action?: React.ReactNode }) {
  return <EmptyStateLayout content={words} action={action} shadow="tableShadow" hasRadius />;
}

interface Query<Data> {
  data?: Data;
  error?: unknown;
  isError: boolean;
  refetch: () => unknown;
}

/** The page of a question: waiting, failed, or its answer. Keeps an answer while a newer one fails to come. */
export function Answered<Data>({
  query,
  children,
}: {
  query: Query<Data>;
  children: (data: Data) => React.ReactNode;
}) {
  const { data, error, isError, refetch } = query;
  if (data !== undefined && !isError) return <>{children(data)}</>;
  return isError ? <Failed error={error} again={refetch} /> : <Waiting />;
}
