/** How a state fails: the name by which Retry and Catch find it, and a text for people. */
export class StateError extends Error {
  readonly error: string;
  override readonly cause: string | undefined;
  /** Further names by which Retry and Catch find it. */
  readonly alsoNamed: readonly string[];

  constructor(error: string, cause?: string, alsoNamed: readonly string[] = []) {
    super(cause === undefined ? error : `${error}: ${cause}`);
    this.name = 'StateError';
    this.error = error;
    this.cause = cause;
    this.alsoNamed = alsoNamed;
  }
}

/** An expression that fails or yields nothing; `location` is the field it stands in, such as `Output/total`. */
export class QueryEvaluationError extends StateError {
  readonly location: string;

  constructor(cause: string, location: string) {
    super('States.QueryEvaluationError', cause);
    this.location = location;
  }
}

/** What `$states.errorOutput` holds in a Catch; a failure without a cause has none there either. */
export interface ErrorOutput {
  readonly Error: string;
  readonly Cause?: string;
}

/** The error as a Catch sees it. */
export const errorOutput = ({ error, cause }: StateError): ErrorOutput =>
  cause === undefined ? { Error: error } : { Error: error, Cause: cause };
