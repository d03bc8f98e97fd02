import { checkPayload, sizeOf, VARIABLES_LIMIT_BYTES } from './payload-limit.ts';
import { StateError } from './state-error.ts';

/** Workflow variables by name, without the dollar sign. */
export type VariableValues = Readonly<Record<string, unknown>>;

/**
 * The variables of one set of states. A Map's iteration and a Parallel's branch have their own, see those around them and
 * leave nothing behind.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export class VariableScope {
  readonly #outer: VariableScope | undefined;
  #values: VariableValues;

  constructor(outer?: VariableScope, values: VariableValues = {}) {
    this.#outer = outer;
    this.#values = values;
  }

  /** All that an expression sees here. */
  visible(): VariableValues {
    return { ...this.#outer?.visible(), ...this.#values };
  }

  /**
   * Sets what one state assigns, all at once.
   *
   * @throws {StateError} States.DataLimitExceeded past 256 KiB in one Assign or 10 MiB in all.
   */
  assign(values: VariableValues, stateName: string): void {
    checkPayload(values, stateName);
    const next = { ...this.#values, ...values };
    if (sizeOf({ ...this.#outer?.visible(), ...next }) > VARIABLES_LIMIT_BYTES)
      throw new StateError(
        'States.DataLimitExceeded',
        `The variables assigned at '${stateName}' exceed 10 MiB in all.`,
      );
    this.#values = next;
  }
}
