import type { Core } from '@strapi/strapi';

import { MAX_FILE_BYTES } from '../src/platform/uploads/file-kinds';
import { settings } from './environment';

const BODY_LIMIT = '1mb';

/** What a page in a browser may send, beside what every browser sends. */
const READ_HEADERS = [
  'Content-Type',
  'Authorization',
  'Origin',
  'Accept',
  'Accept-Language',
  'Idempotency-Key',
  'Prefer',
  'X-Request-Id',
];
/** What of an answer it may read. */
const ANSWER_HEADERS = [
  'Location',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'X-Request-Id',
  'Idempotent-Replayed',
];

/**
 * The doors of the shop, outermost first. Our own error middleware stands inside Strapi's, so that it sees every
 * failure first and gives all of them one shape; Strapi's stays as the last net.
 */
const config = (): Core.Config.Middlewares => {
  const { PUBLIC_URL, CORS_ORIGINS, bucket } = settings();
  const fileHosts = bucket === undefined ? [] : [new URL(bucket.publicUrl).origin];
  return [
    'global::request-context',
    'global::health',
    'global::request-log',
    'strapi::errors',
    'global::errors',
    'global::entrance',
    'global::process-role',
    {
      name: 'strapi::security',
      config: {
        // By `global::entrance`, for whoever came by https.
        hsts: false,
        contentSecurityPolicy: {
          useDefaults: true,
          directives: {
            'connect-src': ["'self'", 'https:', ...fileHosts],
            'img-src': ["'self'", 'data:', 'blob:', ...fileHosts],
            'media-src': ["'self'", 'data:', 'blob:', ...fileHosts],
            // Local development is plain http; a browser told to upgrade would find nobody there.
            upgradeInsecureRequests: PUBLIC_URL.startsWith('https://') ? [] : null,
          },
        },
      },
    },
    {
      name: 'strapi::cors',
      config: {
        origin: CORS_ORIGINS.length > 0 ? CORS_ORIGINS : [PUBLIC_URL],
        maxAge: 600,
        headers: READ_HEADERS,
        expose: ANSWER_HEADERS,
      },
    },
    // Before anything that may refuse: refused requests count too. After CORS, which answers a browser's question
    // whether it may ask; that is no request yet.
    'global::rate-limit',
    'global::url-guard',
    'strapi::query',
    'global::content-door',
    'global::raw-body',
    {
      name: 'strapi::body',
      config: {
        jsonLimit: BODY_LIMIT,
        formLimit: BODY_LIMIT,
        textLimit: BODY_LIMIT,
        formidable: { maxFileSize: MAX_FILE_BYTES },
      },
    },
    'global::body-guard',
    'global::panel-door',
    'global::sign-in-limit',
    'strapi::session',
    // Without a file Strapi answers every browser's first request with a 500.
    { name: 'strapi::favicon', config: { path: 'public/favicon.png' } },
    'global::file-headers',
    'strapi::public',
  ];
};

export default config;
