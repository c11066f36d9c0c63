import { describeRateLimits } from '../support/rate-limit-cases';

describeRateLimits('Redis', process.env.TEST_REDIS_URL ?? 'TEST_REDIS_URL is not set', {
  isRedisThere: true,
});
