import { z } from 'zod';
import type { Executions } from '../executions.ts';
import type { StateMachineRecord } from '../records.ts';
import { ServiceError } from '../service-error.ts';
import type { StateMachines } from '../state-machines.ts';
import { MaxResults, type Operations, operation, pageOf, seconds } from './operation.ts';

const Arn = z.object({ stateMachineArn: z.string() });
const settings = {
  loggingConfiguration: z.unknown().optional(),
  tracingConfiguration: z.unknown().optional(),
};

/** The actions on state machines. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export const stateMachineOperations = (machines: StateMachines, executions: Executions): Operations => ({
  CreateStateMachine: operation(
    z.object({
      name: z.string(),
      definition: z.string(),
      roleArn: z.string(),
      type: z.string().optional(),
      publish: z.boolean().optional(),
      ...settings,
    }),
    ({ name, type = 'STANDARD', publish = false, ...spec }) => {
      if (type !== 'STANDARD')
        throw new ServiceError('StateMachineTypeNotSupported', `Only STANDARD runs here, not ${type}`);
      if (publish) throw new ServiceError('ValidationException', 'Versions are not kept here');
      const { stateMachineArn, creationDate } = machines.create(name, spec);
      return { stateMachineArn, creationDate: seconds(creationDate) };
    },
  ),
  UpdateStateMachine: operation(
    Arn.extend({ definition: z.string().optional(), roleArn: z.string().optional(), ...settings }),
    ({ stateMachineArn, ...change }) => {
      if (change.definition === undefined && change.roleArn === undefined && !hasSettings(change))
        throw new ServiceError(
          'MissingRequiredParameter',
          'Either the definition, the role ARN, or a configuration must be specified',
        );
      const { updateDate, revisionId } = machines.update(stateMachineArn, change);
      return { updateDate: seconds(updateDate), revisionId };
    },
  ),
  DescribeStateMachine: operation(Arn, ({ stateMachineArn }) => described(machines.find(stateMachineArn))),
  DescribeStateMachineForExecution: operation(z.object({ executionArn: z.string() }), ({ executionArn }) => {
    const { stateMachineArn, stateMachineName: name, roleArn, startDate } = executions.describe(executionArn);
    return {
      stateMachineArn,
      name,
      roleArn,
      definition: executions.definition(executionArn),
      updateDate: seconds(startDate),
    };
  }),
  ListStateMachines: operation(z.object({ maxResults: MaxResults, nextToken: z.string().optional() }), (request) => {
    const { page, nextToken } = pageOf(machines.list(), request, ({ name }) => name);
    const stateMachines = page.map(({ stateMachineArn, name, creationDate }) => ({
      stateMachineArn,
      name,
      type: 'STANDARD',
      creationDate: seconds(creationDate),
    }));
    return { stateMachines, nextToken };
  }),
  DeleteStateMachine: operation(Arn, ({ stateMachineArn }) => {
    machines.remove(stateMachineArn);
    executions.removeAll(stateMachineArn);
    return {};
  }),
});

const hasSettings = (change: { readonly loggingConfiguration?: unknown; readonly tracingConfiguration?: unknown }) =>
  change.loggingConfiguration !== undefined || change.tracingConfiguration !== undefined;

function described({ creationDate, updateDate: _, ...record }: StateMachineRecord): object {
  return { ...record, status: 'ACTIVE', type: 'STANDARD', creationDate: seconds(creationDate) };
}
