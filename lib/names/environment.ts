/**
 * Names of the environment variables that the template sets and the functions read.
 * Both sides import this list, so a name cannot be spelt in two ways.
 */
export const ENV = {
  /** Name of the stack: the logger's service, and the dimension of every metric. Powertools reads it by this name. */
  serviceName: 'POWERTOOLS_SERVICE_NAME',
  registryTable: 'REGISTRY_TABLE',
  runsTable: 'RUNS_TABLE',
  auditTable: 'AUDIT_TABLE',
  landingBucket: 'LANDING_BUCKET',
  lakeBucket: 'LAKE_BUCKET',
  databaseName: 'DATABASE_NAME',
  workGroupName: 'WORKGROUP_NAME',
  /** Work group of queries over every customer's rows, where a function asks in another one too. */
  partnerWorkGroupName: 'PARTNER_WORKGROUP_NAME',
  intakeQueueUrl: 'INTAKE_QUEUE_URL',
  additionsQueueUrl: 'ADDITIONS_QUEUE_URL',
  listsQueueUrl: 'LISTS_QUEUE_URL',
  previewsQueueUrl: 'PREVIEWS_QUEUE_URL',
  receiveBillArn: 'RECEIVE_BILL_ARN',
  splitBillArn: 'SPLIT_BILL_ARN',
  customerReaderRoleArn: 'CUSTOMER_READER_ROLE_ARN',
  partnerReaderRoleArn: 'PARTNER_READER_ROLE_ARN',
  /** `sub` of the first partner user; every further user is made through the API. */
  firstPartnerSubject: 'FIRST_PARTNER_SUBJECT',
  /** How long a manifest may name files that are not there yet. */
  manifestGraceSeconds: 'MANIFEST_GRACE_SECONDS',
  /** How long a run's lease lives without a renewal. */
  leaseSeconds: 'LEASE_SECONDS',
  /** How long readers may be at files that nothing names any more. */
  readersSeconds: 'READERS_SECONDS',
  /** Memory that a worker may give to DuckDB, derived from the function's own size. */
  workerMemoryMegabytes: 'WORKER_MEMORY_MEGABYTES',
} as const;

/** The name of one environment variable. */
export type EnvName = (typeof ENV)[keyof typeof ENV];
