import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { OWNER_CREDENTIALS } from '../../infra/local/machine/sdk-environment.ts';
import type { Machine } from '../../infra/local/machine.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { until } from './deliver-anyhow.ts';

/** Which of the two state machines. */
export type MachineName = 'receiveBillArn' | 'splitBillArn';

/** How an execution stands, and the states it has entered so far, in order. */
export type Execution = Pick<DescribeExecutionCommandOutput, 'status' | 'error' | 'cause'> & {
  readonly states: readonly string[];
};

/** The execution named for a delivery or run. */
export async function executionOf(machine: Machine, of: MachineName, name: string): Promise<Execution> {
  const client = sfnOf(machine);
  const executionArn = `${arnOf(machine, of).replace(':stateMachine:', ':execution:')}:${name}`;
  const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
  const states: string[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn }))
    states.push(...events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []));
  return { status, error, cause, states };
}

/** The execution once it has ended. */
export function endedExecutionOf(machine: Machine, of: MachineName, name: string): Promise<Execution> {
  return until(`the execution ${name} has ended`, async () => {
    const execution = await executionOf(machine, of, name);
    return execution.status === 'RUNNING' ? undefined : execution;
  });
}

/** Names of all executions of a machine, newest first. */
export async function executionsOf(machine: Machine, of: MachineName): Promise<string[]> {
  const stateMachineArn = arnOf(machine, of);
  const { executions = [] } = await sfnOf(machine).send(new ListExecutionsCommand({ stateMachineArn }));
  return executions.flatMap(({ name }) => name ?? []);
}

function arnOf({ outputs }: Machine, of: MachineName): string {
  return String(outputs[OUTPUTS[of]]);
}

function sfnOf({ endpoints, region }: Machine): SFNClient {
  const credentials = OWNER_CREDENTIALS;
  return new SFNClient({ endpoint: endpoints.SFN, region, credentials });
}
