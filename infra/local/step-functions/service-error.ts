/** A refusal as the service words it: the SDK throws an error of this name. */
export class ServiceError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
