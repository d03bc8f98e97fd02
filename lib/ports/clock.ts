/** The time, injected so that tests and the simulator own it. */
export interface Clock {
  now(): Date;
}

/** Makes fresh random names (UUIDs without meaning). */
export type FreshUuid = () => string;
