/** Memory of the smallest worker that the hostile files must not bring down. */
export const WORKER_MEGABYTES = 512;
