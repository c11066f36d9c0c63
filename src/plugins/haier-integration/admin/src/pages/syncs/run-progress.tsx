import { Flex, ProgressBar, Typography } from '@strapi/design-system';

import type { SyncRun } from '../../api-types';
import { useText } from '../../parts/use-text';

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
          <ProgressBar value={Math.min(100, (done / total) * 100)} size="S" />
          {phase !== null && <Typography variant="pi">{word(`sync.phase.${phase}`, phase)}</Typography>}
        </>
      )}
    </Flex>
  );
}
