/** A refused call: InvalidRequestException is what Athena answers to nearly every mistake of a caller. */
export class AthenaProblem extends Error {
  readonly code:
    | 'AccessDeniedException'
    | 'InvalidRequestException'
    | 'UnknownOperationException'
    | 'UnrecognizedClientException';
  readonly athenaErrorCode: string;

  constructor(
    message: string,
    code: AthenaProblem['code'] = 'InvalidRequestException',
    athenaErrorCode = 'INVALID_INPUT',
  ) {
    super(message);
    this.name = 'AthenaProblem';
    this.code = code;
    this.athenaErrorCode = athenaErrorCode;
  }
}
