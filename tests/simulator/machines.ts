import type { ExecutionWorld } from '../../infra/local/step-functions/branch.ts';
import { ExecutionRun } from '../../infra/local/step-functions/execution-run.ts';
import type { Integrations } from '../../infra/local/step-functions/integrations/integration.ts';
import type { ExecutionRecord } from '../../infra/local/step-functions/records.ts';
import { type StatusChangeEvent, statusChangeEvent } from '../../infra/local/step-functions/status-change-event.ts';
import { TaskTokens } from '../../infra/local/step-functions/task-tokens.ts';
import type { DeployedMachine } from './deployment.ts';
import type { Scheduler } from './scheduler.ts';

const HOME = { region: 'eu-central-1', accountId: '111122223333' };

/** Step Functions: the interpreter of the local runtime over the template's definitions, records in memory. */
export class Machines {
  readonly tokens: TaskTokens;
  readonly records = new Map<string, ExecutionRecord>();
  readonly #runs = new Map<string, ExecutionRun>();
  readonly #machines: readonly DeployedMachine[];
  readonly #scheduler: Scheduler;
  readonly #integrations: Integrations;
  readonly #onStatusChange: (event: StatusChangeEvent) => void;

  constructor(
    scheduler: Scheduler,
    from: {
      readonly machines: readonly DeployedMachine[];
      readonly integrations: Integrations;
      readonly onStatusChange: (event: StatusChangeEvent) => void;
    },
  ) {
    this.#scheduler = scheduler;
    this.#machines = from.machines;
    this.#integrations = from.integrations;
    this.#onStatusChange = from.onStatusChange;
    this.tokens = new TaskTokens(scheduler);
  }

  /** Executions of a machine (by the end of its name) that are under way. */
  running(machineName: string): readonly ExecutionRecord[] {
    return [...this.records.values()].filter(
      ({ status, stateMachineName }) => status === 'RUNNING' && stateMachineName.endsWith(machineName),
    );
  }

  start(machineArn: string, name: string, input: string): 'started' | 'exists' {
    const machine = this.#machines.find(({ arn }) => arn === machineArn);
    if (machine === undefined) throw new Error(`no machine ${machineArn}`);
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const there = this.records.get(executionArn);
    if (there !== undefined) return there.status === 'RUNNING' && there.input === input ? 'started' : 'exists';
    const startDate = this.#scheduler.now();
    const of = { executionArn, stateMachineArn: machineArn, stateMachineName: machine.name, roleArn: 'role', name };
    const record: ExecutionRecord = { ...of, status: 'RUNNING', startDate, input, redriveCount: 0 };
    this.records.set(executionArn, record);
    const run = new ExecutionRun(this.#worldOf(record), machine.definition, {
      entering: () => {},
      ended: (ending) => {
        const ended: ExecutionRecord = { ...record, ...ending, stopDate: this.#scheduler.now() };
        this.records.set(executionArn, ended);
        this.#onStatusChange(statusChangeEvent(ended, HOME, this.#scheduler.now()));
      },
    });
    this.#runs.set(executionArn, run);
    run.begin();
    return 'started';
  }

  /** What an operator's StopExecution does. */
  stop(executionArn: string): void {
    this.#runs.get(executionArn)?.stop('OperatorStopped', 'an operator stopped it');
  }

  #worldOf(record: ExecutionRecord): ExecutionWorld {
    let events = 0;
    const append = () => {
      events += 1;
      return events;
    };
    return {
      region: HOME.region,
      executionArn: record.executionArn,
      executionName: record.name,
      stateMachineArn: record.stateMachineArn,
      stateMachineName: record.stateMachineName,
      roleArn: record.roleArn,
      input: JSON.parse(record.input) as unknown,
      startedAt: record.startDate,
      redriveCount: 0,
      redrivenAt: undefined,
      history: {
        append,
        appendLast: append,
        get lastId() {
          return events;
        },
      },
      clock: this.#scheduler,
      tokens: this.tokens,
      integrations: this.#integrations,
    };
  }
}
