/** An error of Lambda's Invoke operation itself, as opposed to one of the function: its AWS name and HTTP status. */
export class LambdaProblem extends Error {
  readonly statusCode: number;

  constructor(name: string, statusCode: number, message: string) {
    super(message);
    this.name = name;
    this.statusCode = statusCode;
  }
}
