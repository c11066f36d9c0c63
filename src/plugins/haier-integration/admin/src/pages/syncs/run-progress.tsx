import { Box, Flex, Typography } from '@strapi/design-system';

import type { SyncRun } from '../../api-types';
import { useText } from '../../parts/use-text';

/** How much of it is done; the design system's bar fills with white, for dark grounds. */
function Bar({ done, total, name }: { done: number; total: number; name: string }) {
  const share = Math.min(100, Math.round((done / total) * 100));
  return (
    <Box
      role="progressbar"
      aria-label={name}
      aria-valuenow={share}
      aria-valuemin={0}
      aria-valuemax={100}
      background="neutral200"
      height="6px"
      minWidth="96px"
      hasRadius
      overflow="hidden"
    >
      <Box background="primary600" height="100%" width={`${share}%`} />
    </Box>
  );
}

/** How far a run has come. */
export function RunProgress({ run }: { run: Pick<SyncRun, 'done' | 'total' | 'status' | 'phase'> }) {
  const { text, number, word } = useText();
  const { done, total, status, phase } = run;
  if (status === 'running' && total === null)
    return <Typography variant="pi">{word(`sync.phase.${phase ?? 'listing'}`, phase ?? '')}</Typography>;
  if (total === null || total === 0) return <Typography variant="pi">{number(done)}</Typography>;
  return (
    <Flex direction="column" alignItems="stretch" gap={1}>
      <Typography variant="pi">{text('sync.of', { done: number(done), total: number(total) })}</Typography>
      {status === 'running' && (
        <>
          <Bar done={done} total={total} name={text('sync.progress')} />
          {phase !== null && <Typography variant="pi">{word(`sync.phase.${phase}`, phase)}</Typography>}
        </>
      )}
    </Flex>
  );
}
