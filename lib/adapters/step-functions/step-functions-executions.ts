import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Executions } from '../../ports/executions.ts';

/** The state machines of the stack, by our names. */
export type MachineArns = Readonly<Record<Parameters<Executions['start']>[0], string>>;

/** Starts and looks at executions of the stack's two state machines. */
export function stepFunctionsExecutions(client: SFNClient, arns: MachineArns): Executions {
  return {
    start: async (machine, name, input) => {
      try {
        const stateMachineArn = arns[machine];
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'exists';
        throw error;
      }
    },
    status: async (executionArn) => {
      try {
        return (await client.send(new DescribeExecutionCommand({ executionArn }))).status;
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
  };
}
