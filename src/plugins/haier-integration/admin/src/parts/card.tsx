import { Box, Flex, Typography } from '@strapi/design-system';
import * as React from 'react';

interface CardProps {
  title: string;
  side?: React.ReactNode;
  children: React.ReactNode;
}

/** A titled piece of a page. */
export function Card({ title, side, children }: CardProps) {
  return (
    <Box background="neutral0" padding={6} hasRadius shadow="tableShadow" tag="section" height="100%">
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Flex justifyContent="space-between" gap={4}>
          <Typography variant="delta" tag="h2">
            {title}
          </Typography>
          {side}
        </Flex>
        {children}
      </Flex>
    </Box>
  );
}

interface FactProps {
  name: string;
  /** Below each other, where there is no room beside. */
  isStacked?: boolean;
  children: React.ReactNode;
}

/** A name and what it is. */
export function Fact({ name, isStacked = false, children }: FactProps) {
  return (
    <Flex
      justifyContent="space-between"
      {...(isStacked
        ? { direction: 'column' as const, alignItems: 'stretch' as const, gap: 0 }
        : { alignItems: 'baseline' as const, gap: 4 })}
    >
      <Typography variant="pi" textColor="neutral600" style={{ whiteSpace: 'nowrap' }}>
        {name}
      </Typography>
      <Typography
        variant="omega"
        style={{ textAlign: isStacked ? 'left' : 'right', overflowWrap: 'anywhere' }}
      >
        {children}
      </Typography>
    </Flex>
  );
}
