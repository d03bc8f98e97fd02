/** fauxqs puts this before every code of the query protocol, SQS before some. */
const PREFIX = 'AWS.SimpleQueueService.';

/** Codes that SQS writes without the prefix, by the name fauxqs has for them. */
const WITHOUT_PREFIX: Readonly<Record<string, string>> = {
  InvalidAttributeName: 'InvalidAttributeName',
  InvalidAttributeValue: 'InvalidAttributeValue',
  InvalidMessageContents: 'InvalidMessageContents',
  InvalidParameterValue: 'InvalidParameterValue',
  MissingParameter: 'MissingParameter',
  QueueNameExists: 'QueueAlreadyExists',
};

/**
 * The `x-amzn-query-error` header as SQS sends it; the SDK names its exception by it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
export function queryErrorHeader(fromFauxqs: string): string {
  const [code = '', fault = ''] = fromFauxqs.split(';');
  return `${WITHOUT_PREFIX[code.replace(PREFIX, '')] ?? code};${fault}`;
}
