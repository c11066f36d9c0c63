import { Button, Flex, Typography } from '@strapi/design-system';
import { Duplicate } from '@strapi/icons';
import { useClipboard, useNotification } from '@strapi/strapi/admin';

import { useText } from '../../parts/use-text';

/** The address to give to YLH. */
export function CallbackAddress({ url }: { url: string | null }) {
  const { text } = useText();
  const { copy } = useClipboard();
  const { toggleNotification } = useNotification();
  if (url === null) return <Typography textColor="warning700">{text('callback.no-address')}</Typography>;
  const take = async () => {
    if (await copy(url)) toggleNotification({ type: 'success', message: text('copied') });
  };
  return (
    <Flex gap={2} wrap="wrap">
      <Typography textColor="neutral600">{text('callback.address')}</Typography>
      <Typography fontWeight="semiBold" style={{ overflowWrap: 'anywhere' }}>
        {url}
      </Typography>
      <Button size="S" variant="tertiary" startIcon={<Duplicate />} onClick={() => void take()}>
        {text('copy')}
      </Button>
    </Flex>
  );
}
