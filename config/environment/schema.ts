import { z } from 'zod';

/** Empty text in an environment file means "not set". */
const blankIsUnset = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

const optionalText = z.preprocess(blankIsUnset, z.string().trim().optional());
const text = (fallback: string) => z.preprocess(blankIsUnset, z.string().trim().default(fallback));
const flag = z.preprocess(
  blankIsUnset,
  z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .transform((value) => value === 'true' || value === '1')
    .optional(),
);
const number = (minimum: number, maximum: number) =>
  z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(minimum, `must be at least ${minimum}`)
    .max(maximum, `must be at most ${maximum}`);
const wholeNumber = (fallback: number, minimum = 0, maximum = 1_000_000) =>
  z.preprocess(blankIsUnset, number(minimum, maximum).default(fallback));
const optionalNumber = (minimum: number, maximum: number) =>
  z.preprocess(blankIsUnset, number(minimum, maximum).optional());
const list = z.preprocess(
  blankIsUnset,
  z
    .string()
    .optional()
    .transform((value) =>
      (value ?? '')
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    ),
);
const url = (protocols: string[]) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .trim()
      .refine(
        (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
        `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      )
      .optional(),
  );
const httpUrl = url(['http:', 'https:']);

/** Every setting the shop reads, by its name in the environment. `.env.example` is tested against this list. */
export const environmentSchema = z.object({
  NODE_ENV: z.preprocess(blankIsUnset, z.enum(['development', 'test', 'production']).default('development')),
  HOST: text('127.0.0.1'),
  PORT: wholeNumber(1337, 0, 65_535),
  PUBLIC_URL: httpUrl,
  APP_KEYS: list,
  ADMIN_JWT_SECRET: optionalText,
  JWT_SECRET: optionalText,
  API_TOKEN_SALT: optionalText,
  TRANSFER_TOKEN_SALT: optionalText,
  ENCRYPTION_KEY: optionalText,

  DATABASE_CLIENT: z.preprocess(blankIsUnset, z.enum(['sqlite', 'postgres']).default('sqlite')),
  DATABASE_FILENAME: text('.data/shop.db'),
  DATABASE_URL: url(['postgres:', 'postgresql:']),
  DATABASE_POOL_MIN: wholeNumber(2, 0, 500),
  DATABASE_POOL_MAX: wholeNumber(10, 1, 500),
  DATABASE_SSL: flag,
  DATABASE_REPLICA_URLS: list,
  REDIS_URL: url(['redis:', 'rediss:']),
  PROCESS_ROLE: z.preprocess(blankIsUnset, z.enum(['all', 'web', 'worker']).default('all')),

  /** Unset: five seconds in production, none elsewhere. */
  SHUTDOWN_GRACE_SECONDS: optionalNumber(0, 120),
  REQUEST_HEADERS_TIMEOUT_SECONDS: wholeNumber(10, 1, 120),
  REQUEST_TIMEOUT_SECONDS: wholeNumber(120, 1, 3_600),

  SANDBOX: flag,
  SEED_DEMO: flag,

  WECHAT_APP_ID: optionalText,
  WECHAT_APP_SECRET: optionalText,
  WECHAT_API_BASE_URL: httpUrl,
  WECHAT_PAY_MCH_ID: optionalText,
  WECHAT_PAY_SERIAL_NO: optionalText,
  WECHAT_PAY_PRIVATE_KEY: optionalText,
  WECHAT_PAY_PRIVATE_KEY_PATH: optionalText,
  WECHAT_PAY_API_V3_KEY: optionalText,
  WECHAT_PAY_PUBLIC_KEY_ID: optionalText,
  WECHAT_PAY_PUBLIC_KEY: optionalText,
  WECHAT_PAY_PUBLIC_KEY_PATH: optionalText,
  WECHAT_PAY_BASE_URL: httpUrl,
  WECHAT_PAY_NOTIFY_URL: httpUrl,

  HAIER_BASE_URL: httpUrl,
  HAIER_TOKEN_URL: httpUrl,
  HAIER_AUTH_SCHEME: z.preprocess(blankIsUnset, z.enum(['bearer', 'raw']).optional()),
  HAIER_CLIENT_ID: optionalText,
  HAIER_CLIENT_SECRET: optionalText,
  HAIER_CUSTOMER_CODE: optionalText,
  HAIER_SEND_TO_CODE: optionalText,
  HAIER_SUPPLIER_CODE: optionalText,
  HAIER_PASSWORD: optionalText,
  HAIER_SELLER_PASSWORD: optionalText,
  HAIER_CUSTOMER_PASSWORD: optionalText,

  YLH_AUTH_URL: httpUrl,
  YLH_ORDER_BASE_URL: httpUrl,
  YLH_RETAIL_BASE_URL: httpUrl,
  YLH_STOCK_BASE_URL: httpUrl,
  YLH_USERNAME: optionalText,
  YLH_PASSWORD: optionalText,
  YLH_CLIENT_ID: optionalText,
  YLH_CLIENT_SECRET: optionalText,
  YLH_SOURCE_SYSTEM: optionalText,
  YLH_SHOP_NAME: optionalText,
  YLH_SELLER_CODE: optionalText,
  YLH_CALLBACK_APP_KEY: optionalText,
  YLH_CALLBACK_SECRET: optionalText,
  YLH_CALLBACK_MAX_SKEW_SECONDS: wholeNumber(600, 30, 86_400),

  ORDER_PAYMENT_TIMEOUT_MINUTES: wholeNumber(30, 1, 7 * 24 * 60),
  ORDER_AUTO_COMPLETE_DAYS: wholeNumber(10, 1, 365),
  REFUND_WINDOW_DAYS: wholeNumber(7, 0, 365),
  HAIER_FAILURE_POLICY: z.preprocess(blankIsUnset, z.enum(['refund', 'hold']).default('refund')),

  RATE_LIMIT_ANONYMOUS: wholeNumber(20),
  RATE_LIMIT_USER: wholeNumber(100),
  RATE_LIMIT_LOGIN: wholeNumber(5),
  RATE_LIMIT_PAYMENT: wholeNumber(10),
  TRUST_PROXY: list,
  ALLOWED_HOSTS: list,
  CORS_ORIGINS: list,

  LOG_LEVEL: z.preprocess(
    blankIsUnset,
    z.enum(['silent', 'error', 'warn', 'info', 'http', 'debug']).default('info'),
  ),

  LOG_DIR: text('logs'),
  LOG_FORMAT: z.preprocess(blankIsUnset, z.enum(['text', 'json']).optional()),
  METRICS_TOKEN: optionalText,
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl,
  OTEL_SERVICE_NAME: text('shop'),

  /** Unset: local. */
  UPLOAD_PROVIDER: z.preprocess(
    blankIsUnset,
    z.enum(['local', 's3'], { error: 'must be local or s3' }).optional(),
  ),
  S3_ENDPOINT: httpUrl,
  S3_REGION: optionalText,
  S3_BUCKET: optionalText,
  S3_ACCESS_KEY_ID: optionalText,
  S3_SECRET_ACCESS_KEY: optionalText,
  S3_PUBLIC_URL: httpUrl,
  /** Unset: by the endpoint's host. */
  S3_PATH_STYLE: flag,
  S3_TIMEOUT_SECONDS: wholeNumber(15, 1, 120),

  FIRST_ADMIN_EMAIL: optionalText,
  FIRST_ADMIN_PASSWORD: optionalText,
  FIRST_STAFF_USERNAME: optionalText,
  FIRST_STAFF_PASSWORD: optionalText,
});

export type RawEnvironment = z.infer<typeof environmentSchema>;
