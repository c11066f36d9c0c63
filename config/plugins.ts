import { FILE_KINDS, MAX_FILE_BYTES } from '../src/platform/uploads/file-kinds';
import { setFileHeaders } from '../src/platform/uploads/serving';
import { settings } from './environment';

const config = () => ({
  'users-permissions': {
    config: {
      jwtSecret: settings().JWT_SECRET,
      jwtManagement: 'refresh',
      sessions: {
        // Access tokens are short, because nothing is asked of the device between two refreshes.
        accessTokenLifespan: 30 * 60,
        idleRefreshTokenLifespan: 14 * 24 * 3600,
        maxRefreshTokenLifespan: 90 * 24 * 3600,
        httpOnly: false,
      },
    },
  },
  upload: {
    config: {
      sizeLimit: MAX_FILE_BYTES,
      // Strapi's own check trusts the name of a file it does not recognise; guard-uploads looks once more.
      security: { allowedTypes: FILE_KINDS.map(({ mime }) => mime) },
      providerOptions: { localServer: { setHeaders: setFileHeaders } },
    },
  },
  'haier-integration': {
    enabled: true,
    resolve: './src/plugins/haier-integration',
    config: {
      settings: settings().haierIntegration,
      runsJobs: settings().PROCESS_ROLE !== 'web',
      redisUrl: settings().REDIS_URL,
      publicUrl: settings().PUBLIC_URL,
    },
  },
  'content-releases': { enabled: false },
  'review-workflows': { enabled: false },
});

export default config;
