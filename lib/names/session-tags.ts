/** Session tags that the two assumable roles require and whose value bounds what the session may touch. */
export const SESSION_TAGS = {
  /** On CustomerReader: the customer id whose ledger the session reads. */
  customer: 'customer',
  /** On the upload role: the integration id, the only folder of the landing bucket the session writes. */
  integration: 'integration',
} as const;
