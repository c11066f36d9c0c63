import type { Core } from '@strapi/strapi';

import { settings } from './environment';

const BODY_LIMIT = '1mb';

/**
 * The doors of the shop, outermost first. Our own error middleware stands inside Strapi's, so that it sees every
 * failure first and gives all of them one shape; Strapi's stays as the last net.
 */
const config = (): Core.Config.Middlewares => {
  const { PUBLIC_URL, CORS_ORIGINS } = settings();
  return [
    'global::health',
    'global::request-context',
    'strapi::logger',
    'strapi::errors',
    'global::errors',
    'global::url-guard',
    {
      name: 'strapi::security',
      config: {
        contentSecurityPolicy: {
          useDefaults: true,
          directives: {
            'connect-src': ["'self'", 'https:'],
            'img-src': ["'self'", 'data:', 'blob:'],
            'media-src': ["'self'", 'data:', 'blob:'],
            // Local development is plain http; a browser told to upgrade would find nobody there.
            upgradeInsecureRequests: PUBLIC_URL.startsWith('https://') ? [] : null,
          },
        },
      },
    },
    {
      name: 'strapi::cors',
      config: { origin: CORS_ORIGINS.length > 0 ? CORS_ORIGINS : [PUBLIC_URL], maxAge: 600 },
    },
    'strapi::query',
    'global::content-door',
    'global::raw-body',
    {
      name: 'strapi::body',
      config: {
        jsonLimit: BODY_LIMIT,
        formLimit: BODY_LIMIT,
        textLimit: BODY_LIMIT,
        formidable: { maxFileSize: 20 * 1024 * 1024 },
      },
    },
    'global::body-guard',
    // After the body, because sign-in is also limited by account name.
    'global::rate-limit',
    'strapi::session',
    // Without a file Strapi answers every browser's first request with a 500.
    { name: 'strapi::favicon', config: { path: 'public/favicon.png' } },
    'strapi::public',
  ];
};

export default config;
