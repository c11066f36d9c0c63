import { Box, Flex, Modal, Typography } from '@strapi/design-system';

import { useHaierCallQuery } from '../../api';
import type { CallDetails } from '../../api-types';
import { Fact } from '../../parts/card';
import { StateBadge } from '../../parts/state-badge';
import { Answered } from '../../parts/states';
import { upstreamWords } from '../../parts/upstream-words';
import { useText } from '../../parts/use-text';

/** JSON in lines one can read; anything else as it is. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Trimmed bodies are no JSON any more.
    return body;
  }
}

function Body({ title, body }: { title: string; body: string | null }) {
  const { text } = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={1}>
      <Typography variant="sigma" textColor="neutral600">
        {title}
      </Typography>
      <Box background="neutral100" padding={3} hasRadius>
        <Typography
          tag="pre"
          variant="pi"
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontFamily: 'monospace' }}
        >
          {body === null || body === '' ? text('call.no-body') : readable(body)}
        </Typography>
      </Box>
    </Flex>
  );
}

function Details({ call }: { call: CallDetails }) {
  const { text, time, number, word } = useText();
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Fact name={text('call.outcome')}>
        <StateBadge group="outcome" state={call.outcome} />
      </Fact>
      <Fact name={text('call.at')}>{time(call.calledAt)}</Fact>
      <Fact name={text('call.operation')}>
        {`${text(`system.${call.system}`)} · ${word(`operation.${call.operation}`, call.operation)}`}
      </Fact>
      <Fact name={text('call.url')}>
        <span translate="no">{`${call.method ?? ''} ${call.url ?? ''}`}</span>
      </Fact>
      <Fact name={text('call.status')}>{call.httpStatus ?? '—'}</Fact>
      <Fact name={text('call.attempt')}>{number(call.attempt)}</Fact>
      <Fact name={text('call.ms')}>{number(call.durationMs)}</Fact>
      {call.message !== null && (
        <Fact name={text('call.message')}>
          <span translate="no">{upstreamWords(call.message)}</span>
        </Fact>
      )}
      <Body title={text('call.request')} body={call.requestBody} />
      <Body title={text('call.response')} body={call.responseBody} />
    </Flex>
  );
}

/** One call with what was sent and answered; secrets and people were masked when it was written. */
export function CallDialog({ id, close }: { id: number; close: () => void }) {
  const { text } = useText();
  const query = useHaierCallQuery(id);
  return (
    <Modal.Root open onOpenChange={(isOpen: boolean) => !isOpen && close()}>
      <Modal.Content>
        <Modal.Header>
          <Modal.Title>{text('call', { id })}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Answered query={query}>{(call) => <Details call={call} />}</Answered>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
