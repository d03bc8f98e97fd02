/** An error as DynamoDB answers it, in its JSON protocol. */
export class DynamoDbProblem extends Error {
  /** With its namespace, such as `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`. */
  readonly type: string;
  /** Further members, such as `CancellationReasons` or the `Item` that failed a condition. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = type.slice(type.indexOf('#') + 1);
    this.type = type;
    this.details = details;
  }
}

/** A request that is wrong in itself. */
export const validationProblem = (message: string): DynamoDbProblem =>
  new DynamoDbProblem('com.amazon.coral.validate#ValidationException', message);

/** One of DynamoDB's own errors, by its short name. */
export const dynamoDbProblem = (
  name: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): DynamoDbProblem => new DynamoDbProblem(`com.amazonaws.dynamodb.v20120810#${name}`, message, details);
