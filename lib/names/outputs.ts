/** Outputs of the template: what an operator, a command or a test needs to know of a deployment. */
export const OUTPUTS = {
  landingBucketName: 'LandingBucketName',
  lakeBucketName: 'LakeBucketName',
  registryTableName: 'RegistryTableName',
  runsTableName: 'RunsTableName',
  auditTableName: 'AuditTableName',
  databaseName: 'DatabaseName',
  workGroupName: 'WorkGroupName',
  receiveBillArn: 'ReceiveBillArn',
  splitBillArn: 'SplitBillArn',
  intakeQueueUrl: 'IntakeQueueUrl',
  intakeDeadLetterQueueUrl: 'IntakeDeadLetterQueueUrl',
  convertQueueUrl: 'ConvertQueueUrl',
  convertDeadLetterQueueUrl: 'ConvertDeadLetterQueueUrl',
  priceQueueUrl: 'PriceQueueUrl',
  priceDeadLetterQueueUrl: 'PriceDeadLetterQueueUrl',
  additionsQueueUrl: 'AdditionsQueueUrl',
  additionsDeadLetterQueueUrl: 'AdditionsDeadLetterQueueUrl',
  listsQueueUrl: 'ListsQueueUrl',
  listsDeadLetterQueueUrl: 'ListsDeadLetterQueueUrl',
  undeliveredQueueUrl: 'UndeliveredQueueUrl',
  apiUrl: 'ApiUrl',
  /** Only where the stack makes the user pool. */
  userPoolId: 'UserPoolId',
  userPoolClientId: 'UserPoolClientId',
  /** Only where UploaderPrincipalArn is given. */
  uploadRoleArn: 'UploadRoleArn',
} as const;
