import { Problem } from '../../lib/domain/problem.ts';
import { ERROR_NAMES } from '../../lib/names/error-names.ts';
import type { FunctionName } from '../../lib/names/functions.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import { briefly } from './briefly.ts';
import { type Deployment, functionNamed, variableOf } from './deployment.ts';
import { Invocation, type InvocationWorld, type Outcome } from './invocation.ts';
import type { Planted } from './planted-bug.ts';
import type { Ports } from './ports.ts';
import type { Delivered } from './queue.ts';
import { type Settings, STEPS, type Step } from './steps.ts';

/** An asynchronous call that fails is made again after one minute and after two (Lambda guide). */
const ASYNC_RETRY_SECONDS = [60, 120];

/** What functions are given of their world. */
export interface FunctionsWorld {
  readonly deployment: Deployment;
  readonly invocations: InvocationWorld;
  readonly portsOf: (invocation: Invocation) => Ports;
  readonly planted: Pick<Planted, 'steps' | 'freshUuid'>;
}

/** Lambda: the template's functions, each run under its time-out and its faults. */
export class Functions {
  readonly #world: FunctionsWorld;
  readonly #settings: Settings;
  readonly #invoked = new Map<FunctionName, number>();
  #inFlight = 0;

  constructor(world: FunctionsWorld) {
    this.#world = world;
    this.#settings = settingsOf(world.deployment);
  }

  /** Something runs, or waits to be run again. */
  get isBusy(): boolean {
    return this.#inFlight > 0;
  }

  /** Whether the function takes part. */
  plays(nameOrArn: string): boolean {
    return this.#playedName(nameOrArn) !== undefined;
  }

  /** Runs a function, by name or ARN, for one event. */
  async invoke(nameOrArn: string, event: unknown): Promise<Outcome> {
    const name = this.#playedName(nameOrArn);
    if (name === undefined) throw new Error(`${nameOrArn} is not played here`);
    const step: Step = this.#world.planted.steps?.[name] ?? STEPS[name];
    return await this.run(name, event, (ports) => step(ports, this.#settings)(event));
  }

  /** Runs code as a function of this name. */
  async run(name: FunctionName, event: unknown, handler: (ports: Ports) => Promise<unknown>): Promise<Outcome> {
    const { deployment, invocations, planted, portsOf } = this.#world;
    const { timeoutSeconds } = functionNamed(deployment, name);
    const number = this.#invoked.get(name) ?? 0;
    this.#invoked.set(name, number + 1);
    const invocation = new Invocation(invocations, name, number);
    const ports = portsOf(invocation);
    const uuid = planted.freshUuid;
    this.#inFlight += 1;
    invocations.trace(`> ${invocation.id} ${briefly(event)}`);
    try {
      const outcome = await invocation.run(timeoutSeconds, () =>
        handler(uuid ? { ...ports, freshUuid: () => uuid(invocation) } : ports),
      );
      invocations.trace(`< ${invocation.id} ${briefly(outcome.kind === 'threw' ? `${outcome.error}` : outcome)}`);
      return outcome;
    } finally {
      this.#inFlight -= 1;
    }
  }

  #playedName(nameOrArn: string): keyof typeof STEPS | undefined {
    const deployed = this.#world.deployment.functions.find(
      ({ arn, name }) => arn === nameOrArn || arn.endsWith(`:${nameOrArn}`) || name === nameOrArn,
    );
    return deployed !== undefined && deployed.name in STEPS ? (deployed.name as keyof typeof STEPS) : undefined;
  }

  /** An asynchronous call: nobody waits for its answer, and it is made again when it fails. */
  async invokeLater(functionArn: string, event: unknown, tries = 0): Promise<void> {
    const outcome = await this.invoke(functionArn, event);
    const pause = ASYNC_RETRY_SECONDS[tries];
    if (outcome.kind === 'answered' || pause === undefined) return;
    this.#inFlight += 1;
    this.#world.invocations.scheduler.after(pause * 1000, () => {
      this.#inFlight -= 1;
      void this.invokeLater(functionArn, event, tries + 1);
    });
  }
}

function settingsOf(deployment: Deployment): Settings {
  const worker = functionNamed(deployment, 'price-shard');
  return {
    leaseSeconds: Number(variableOf(worker, 'leaseSeconds')),
    memoryMegabytes: databaseMegabytes(Number(variableOf(worker, 'workerMemoryMegabytes'))),
    manifestGraceSeconds: Number(variableOf(functionNamed(deployment, 'read-manifest'), 'manifestGraceSeconds')),
  };
}

/** As `functions/middleware.ts` lets a Problem leave: an error named `Quarantined` whose message is the problem's JSON. */
export function answerOf(outcome: Outcome): { payload: string; functionError?: string } {
  if (outcome.kind === 'answered') return { payload: JSON.stringify(outcome.answer) };
  const functionError = 'Unhandled';
  if (outcome.kind === 'died')
    return { functionError, payload: JSON.stringify({ errorType: outcome.errorType, errorMessage: 'it died' }) };
  const { error } = outcome;
  const told =
    error instanceof Problem
      ? { errorType: ERROR_NAMES.quarantined, errorMessage: JSON.stringify(error.stored()) }
      : { errorType: error.name, errorMessage: error.message };
  return { functionError, payload: JSON.stringify({ ...told, trace: [] }) };
}

/** As the queue handler has it: what throws is given back, what dies comes again when its visibility is over. */
export function deliveredOf(outcome: Outcome): Delivered {
  if (outcome.kind === 'answered') return 'done';
  return outcome.kind === 'threw' ? 'given_back' : 'unknown';
}
