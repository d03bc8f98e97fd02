import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { METRICS } from '../lib/names/metrics.ts';

/** Log lines in JSON, with the names of the stack and the function. Ids and counts only: bills and tokens stay out. */
export const logger = new Logger();

/** Metrics that alarms watch, written with the log (CloudWatch embedded metric format). */
export const metrics = new Metrics({ namespace: METRICS.namespace });

/** X-Ray segments of calls to AWS. */
export const tracer = new Tracer();
