/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors and CommonErrors */
const STATUS = {
  AccessDenied: 403,
  ExpiredTokenException: 403,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidParameterValue: 400,
  MissingAuthenticationToken: 403,
  PackedPolicyTooLarge: 400,
  ValidationError: 400,
} as const satisfies Record<string, number>;

/** What a caller of STS did wrong. */
export class StsProblem extends Error {
  readonly code: keyof typeof STATUS;
  readonly status: number;

  constructor(code: keyof typeof STATUS, message: string) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = STATUS[code];
  }
}
