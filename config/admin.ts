import type { Core } from '@strapi/strapi';

import { settings } from './environment';

const config = (): Core.Config.Admin => {
  const { ADMIN_JWT_SECRET, API_TOKEN_SALT, TRANSFER_TOKEN_SALT, ENCRYPTION_KEY } = settings();
  return {
    auth: {
      secret: ADMIN_JWT_SECRET ?? '',
      sessions: { maxRefreshTokenLifespan: 30 * 24 * 3600, maxSessionLifespan: 24 * 3600 },
    },
    apiToken: { salt: API_TOKEN_SALT ?? '' },
    transfer: { token: { salt: TRANSFER_TOKEN_SALT ?? '' } },
    secrets: { encryptionKey: ENCRYPTION_KEY ?? '' },
    flags: { nps: false, promoteEE: false },
    // Opening a browser by itself surprises whoever runs this on a server.
    autoOpen: false,
    watchIgnoreFiles: ['**/.data/**', '**/.tmp/**', '**/logs/**', '**/sandbox/**', '**/tests/**'],
  };
};

export default config;
