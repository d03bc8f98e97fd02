/** A step that moves kilobytes: reads, plans, writes a pointer and some hundred small lists. */
export const STEP_TIMEOUT_SECONDS = 300;

/** A worker on a shard or batch: Lambda's longest. */
export const WORKER_TIMEOUT_SECONDS = 900;

/** What an HTTP request may take: the gateway gives up at 30 s (HTTP API quotas), the function before that. */
export const REQUEST_TIMEOUT_SECONDS = 29;

/** A state waits this much longer than its function may work, so that the function's own error is the one seen. */
export const STATE_GRACE_SECONDS = 30;

/** How long readers may be at files that nothing names any more, and writers at files that nothing names yet. */
export const READERS_SECONDS = 86_400;

/** How long a run's lease lives without a renewal: as long as a worker may work between two. */
export const LEASE_SECONDS = 900;
