import { FILE_KINDS, MAX_FILE_BYTES } from '../src/platform/uploads/file-kinds';
import { bucketOptions } from '../src/platform/uploads/bucket-options';
import { settings } from './environment';

/** Strapi reads the name of the provider out of it, and keeps it with every file. */
const fileStore = () => {
  const { bucket } = settings();
  return bucket === undefined
    ? { provider: 'local' }
    : { provider: 'aws-s3', providerOptions: bucketOptions(bucket) };
};

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
      ...fileStore(),
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
