import type { Throttle } from './http-api-configuration.ts';

/** API Gateway's throttle: a bucket of `burst` tokens that fills again at the rate; false: too many requests. */
export function tokenBucket({ ratePerSecond, burst }: Throttle, now: () => number = Date.now): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - filledAt) / 1000) * ratePerSecond);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
