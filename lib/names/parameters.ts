/** Parameters of the template: everything that differs from partner to partner. */
export const PARAMETERS = {
  /** Code comes from `<CodeBucketPrefix>-<region>/<CodePrefix><function>.zip`. */
  codeBucketPrefix: 'CodeBucketPrefix',
  codePrefix: 'CodePrefix',
  architecture: 'Architecture',
  workerMemoryMegabytes: 'WorkerMemoryMegabytes',
  maximumConcurrency: 'MaximumConcurrency',
  payerAccountIds: 'PayerAccountIds',
  /** Role of another account that replicates bills into the landing bucket. */
  replicationRoleArn: 'ReplicationRoleArn',
  uploaderPrincipalArn: 'UploaderPrincipalArn',
  /** An issuer of the partner's own; empty: the stack makes a Cognito user pool. */
  jwtIssuer: 'JwtIssuer',
  jwtClientId: 'JwtClientId',
  firstPartnerSubject: 'FirstPartnerSubject',
  manifestGraceSeconds: 'ManifestGraceSeconds',
  alarmTopicArn: 'AlarmTopicArn',
} as const;
