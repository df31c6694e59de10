/** When to try a failed block again (mage-format.md 8.5). */
export type RetryPolicy = { retries: number; delay: number; maxDelay: number; exponentialBackoff: boolean };

/** Reads a raw `retry_config`; what is no number there counts as absent. */
export const retryPolicy = (config: Record<string, unknown>, retries?: number): RetryPolicy => ({
  retries: retries ?? numberOr(config.retries, 0),
  delay: numberOr(config.delay, 5),
  maxDelay: numberOr(config.max_delay, 60),
  exponentialBackoff: config.exponential_backoff !== false,
});

/**
 * Seconds to wait after the failure number `failures` (from 1), or null to give up. As in Mage `maxDelay` bounds the SUM of
 * the waits: it gives up when the waits so far and the next one reach it.
 */
export const nextDelay = (policy: RetryPolicy, failures: number): number | null => {
  if (failures > policy.retries) return null;
  let waited = 0;
  let delay = policy.delay;
  for (let failure = 1; failure <= failures; failure += 1) {
    if (waited + delay >= policy.maxDelay) return null;
    if (failure === failures) return delay;
    waited += delay;
    if (policy.exponentialBackoff) delay *= 2;
  }
  return null;
};

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
