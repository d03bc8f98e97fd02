/** A policy that says what is not played here, or what IAM would refuse: named, and never passed over. */
export class PolicyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PolicyError';
  }
}
