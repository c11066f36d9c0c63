import { describeRateLimits } from '../support/rate-limit-cases';

describeRateLimits('memory, because Redis does not answer', 'redis://127.0.0.1:1', { isRedisThere: false });
