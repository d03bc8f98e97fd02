/**
 * A template that this machine cannot run as CloudFormation would: an unknown function, a missing parameter, a
 * reference to nothing. The message names the place (logical id, parameter or output).
 */
export class TemplateError extends Error {
  readonly place: string;

  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'TemplateError';
    this.place = place;
  }
}
