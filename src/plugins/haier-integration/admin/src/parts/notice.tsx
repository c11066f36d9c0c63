import { Flex, Typography } from '@strapi/design-system';
import { Information, WarningCircle } from '@strapi/icons';
import type * as React from 'react';

const TONES = {
  info: { background: 'primary100', borderColor: 'primary200', fill: 'primary600', Icon: Information },
  warning: { background: 'warning100', borderColor: 'warning200', fill: 'warning600', Icon: WarningCircle },
  danger: { background: 'danger100', borderColor: 'danger200', fill: 'danger600', Icon: WarningCircle },
} as const;

interface NoticeProps {
  tone: keyof typeof TONES;
  title: string;
  children?: React.ReactNode;
}

/** Something to know that stays as long as it is so; there is nothing to close. */
export function Notice({ tone, title, children }: NoticeProps) {
  const { background, borderColor, fill, Icon } = TONES[tone];
  return (
    <Flex
      gap={3}
      padding={3}
      alignItems="flex-start"
      background={background}
      borderColor={borderColor}
      hasRadius
    >
      <Icon fill={fill} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
      <Flex direction="column" alignItems="stretch" gap={1}>
        <Typography fontWeight="semiBold">{title}</Typography>
        {children !== undefined && (
          <Typography tag="div" variant="pi" style={{ overflowWrap: 'anywhere' }}>
            {children}
          </Typography>
        )}
      </Flex>
    </Flex>
  );
}
