import { z } from 'zod';
import type { AccessesOf } from '../authorize-call.ts';
import type { Access } from '../request-context.ts';
import { type AccessTable, accessesBy, type Home } from './access-table.ts';

const OnMachine = z.object({ stateMachineArn: z.string() });
const OnExecution = z.object({ executionArn: z.string() });
const OnToken = z.object({ taskToken: z.string() });
const Named = z.object({ name: z.string() });

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 *
 * @param machineOfToken the state machine whose task waits for a token; undefined for a token that is none of ours,
 * which the service refuses by itself.
 */
export function statesAccesses(
  { region, accountId }: Home,
  machineOfToken: (token: string) => string | undefined,
): AccessesOf {
  const onMachine = (action: string) => (body: unknown) => [
    { action, resource: OnMachine.parse(body).stateMachineArn },
  ];
  const onExecution = (action: string) => (body: unknown) => [
    { action, resource: OnExecution.parse(body).executionArn },
  ];
  const answer =
    (action: string) =>
    (body: unknown): readonly Access[] => {
      const resource = machineOfToken(OnToken.parse(body).taskToken);
      return resource === undefined ? [] : [{ action, resource }];
    };
  const table: AccessTable = {
    CreateStateMachine: (body) => [
      {
        action: 'states:CreateStateMachine',
        resource: `arn:aws:states:${region}:${accountId}:stateMachine:${Named.parse(body).name}`,
      },
    ],
    DeleteStateMachine: onMachine('states:DeleteStateMachine'),
    DescribeExecution: onExecution('states:DescribeExecution'),
    DescribeStateMachine: onMachine('states:DescribeStateMachine'),
    DescribeStateMachineForExecution: onExecution('states:DescribeStateMachineForExecution'),
    GetExecutionHistory: onExecution('states:GetExecutionHistory'),
    ListExecutions: onMachine('states:ListExecutions'),
    ListStateMachines: () => [{ action: 'states:ListStateMachines', resource: '*' }],
    RedriveExecution: onExecution('states:RedriveExecution'),
    SendTaskFailure: answer('states:SendTaskFailure'),
    SendTaskHeartbeat: answer('states:SendTaskHeartbeat'),
    SendTaskSuccess: answer('states:SendTaskSuccess'),
    StartExecution: onMachine('states:StartExecution'),
    StopExecution: onExecution('states:StopExecution'),
    UpdateStateMachine: onMachine('states:UpdateStateMachine'),
  };
  return accessesBy('Step Functions', table);
}
