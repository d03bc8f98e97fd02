import { randomUUID } from 'node:crypto';
import type { Clock, FreshUuid } from '../ports/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Random UUIDs (version 4). */
export const freshUuid: FreshUuid = () => randomUUID();
