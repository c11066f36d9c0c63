import { Box, Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';
import { useTheme } from 'styled-components';

import type { Hour } from '../../api-types';
import { Card } from '../../parts/card';
import { useText } from '../../parts/use-text';

const HEIGHT = 140;
const WIDTH = 24;
const GAP = 6;

const sum = ({ haier, ylh }: Hour, what: 'calls' | 'errors'): number => haier[what] + ylh[what];

function Legend({ color, words }: { color: string; words: string }) {
  return (
    <Flex gap={2}>
      <Box background={color} width="12px" height="12px" hasRadius />
      <Typography variant="pi" textColor="neutral600">
        {words}
      </Typography>
    </Flex>
  );
}

/** Calls and errors of the last day, an hour a column. Numbers are in the table below it for who cannot see it. */
export function HoursChart({ hours }: { hours: Hour[] }) {
  const { text, number } = useText();
  const { formatDate } = useIntl();
  const { colors } = useTheme();
  const most = Math.max(1, ...hours.map((hour) => sum(hour, 'calls')));
  const scale = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT));
  const name = (hour: Hour): string => formatDate(hour.from, { hour: '2-digit', minute: '2-digit' });
  return (
    <Card
      title={text('hours')}
      side={
        <Flex gap={4}>
          <Legend color="primary500" words={text('hours.calls')} />
          <Legend color="danger500" words={text('hours.errors')} />
          <Typography variant="pi" textColor="neutral600">
            {text('hours.most', { count: number(most) })}
          </Typography>
        </Flex>
      }
    >
      <svg
        role="img"
        aria-label={text('hours')}
        viewBox={`0 0 ${hours.length * (WIDTH + GAP)} ${HEIGHT + 22}`}
        width="100%"
        style={{ maxHeight: 220 }}
      >
        {hours.map((hour, place) => {
          const [calls, errors] = [scale(sum(hour, 'calls')), scale(sum(hour, 'errors'))];
          const x = place * (WIDTH + GAP);
          return (
            <g key={hour.from}>
              <title>
                {`${name(hour)}: ${text('hours.calls')} ${sum(hour, 'calls')}, ${text('hours.errors')} ${sum(hour, 'errors')}`}
              </title>
              <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill={colors.neutral100} rx={2} />
              <rect x={x} y={HEIGHT - calls} width={WIDTH} height={calls} fill={colors.primary500} rx={2} />
              <rect x={x} y={HEIGHT - errors} width={WIDTH} height={errors} fill={colors.danger500} rx={2} />
              {place % 3 === 0 && (
                <text x={x} y={HEIGHT + 16} fontSize={10} fill={colors.neutral600}>
                  {name(hour)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </Card>
  );
}
