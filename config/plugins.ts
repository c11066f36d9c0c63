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
  'content-releases': { enabled: false },
  'review-workflows': { enabled: false },
});

export default config;
