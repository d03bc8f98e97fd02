import { z } from 'zod';
import type { EventSourceMapping } from '../../infra/local/lambda/event-source-mapping.ts';
import { catalogOfStack } from '../../infra/local/machine/catalog-of-stack.ts';
import { mappingsOfStack } from '../../infra/local/machine/mappings-of-stack.ts';
import { resourcesOfType } from '../../infra/local/machine/resources-of-type.ts';
import { rulesOfStack } from '../../infra/local/machine/rules-of-stack.ts';
import { checkDefinition } from '../../infra/local/step-functions/check-definition.ts';
import type { MachineDefinition } from '../../infra/local/step-functions/definition.ts';
import type { Stack } from '../../infra/local/template/resolve-stack.ts';
import { ENV } from '../../lib/names/environment.ts';
import { FUNCTIONS, type FunctionName } from '../../lib/names/functions.ts';
import { resolved, synthesize } from '../infra/synthesized.ts';

/** A Lambda function as the template has it. */
export interface DeployedFunction {
  readonly name: FunctionName;
  readonly arn: string;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** A queue as the template has it. */
export interface DeployedQueue {
  readonly url: string;
  readonly arn: string;
  readonly visibilitySeconds: number;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
}

/** A state machine as the template has it. */
export interface DeployedMachine {
  readonly arn: string;
  readonly name: string;
  readonly definition: MachineDefinition;
}

/** All that the simulator takes from the synthesized template: nothing of it is written down a second time. */
export interface Deployment {
  readonly functions: readonly DeployedFunction[];
  readonly queues: readonly DeployedQueue[];
  readonly machines: readonly DeployedMachine[];
  readonly mappings: readonly EventSourceMapping[];
  readonly rules: ReturnType<typeof rulesOfStack>;
  readonly catalog: ReturnType<typeof catalogOfStack>;
}

const Text = z.string();
const FunctionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Timeout: z.coerce.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()) }),
});
const QueueProperties = z.object({
  VisibilityTimeout: z.coerce.number().default(30),
  RedrivePolicy: z.object({ deadLetterTargetArn: Text, maxReceiveCount: z.coerce.number() }).optional(),
});
const MachineProperties = z.object({ DefinitionString: Text });

/** The deployment with every default of the template's parameters. `change` edits a state machine's definition first. */
export function readDeployment(change: (definition: string) => string = (definition) => definition): Deployment {
  const stack = resolved(synthesize().text);
  return {
    functions: resourcesOfType(stack, 'AWS::Lambda::Function').flatMap(({ arn = '', properties }) => {
      const { Code, Timeout, Environment } = FunctionProperties.parse(properties);
      const name = Object.keys(FUNCTIONS).find((known) => Code.S3Key.endsWith(`${known}.zip`));
      if (name === undefined) throw new Error(`${Code.S3Key} is no bundle of ours`);
      return [{ name: name as FunctionName, arn, timeoutSeconds: Timeout, variables: Environment.Variables }];
    }),
    queues: resourcesOfType(stack, 'AWS::SQS::Queue').map(({ ref, arn = '', properties }) => {
      const { VisibilityTimeout, RedrivePolicy } = QueueProperties.parse(properties);
      const redrive = RedrivePolicy && {
        deadLetterArn: RedrivePolicy.deadLetterTargetArn,
        maxReceiveCount: RedrivePolicy.maxReceiveCount,
      };
      return { url: ref, arn, visibilitySeconds: VisibilityTimeout, redrive };
    }),
    machines: machinesOf(stack, change),
    mappings: mappingsOfStack(stack),
    rules: rulesOfStack(stack),
    catalog: catalogOfStack(stack),
  };
}

function machinesOf(stack: Stack, change: (definition: string) => string): readonly DeployedMachine[] {
  return resourcesOfType(stack, 'AWS::StepFunctions::StateMachine').map(({ ref, name, properties }) => {
    const text = change(MachineProperties.parse(properties).DefinitionString);
    return { arn: ref, name, definition: checkDefinition(text, () => true) };
  });
}

/** A function by its name. */
export function functionNamed({ functions }: Deployment, name: FunctionName): DeployedFunction {
  const found = functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the template has no function ${name}`);
  return found;
}

/** A variable that the template sets for a function. */
export function variableOf({ name, variables }: DeployedFunction, variable: keyof typeof ENV): string {
  const value = variables[ENV[variable]];
  if (value === undefined) throw new Error(`the template tells ${name} nothing of ${ENV[variable]}`);
  return value;
}
