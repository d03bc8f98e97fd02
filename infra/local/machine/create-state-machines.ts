import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  ListStateMachinesCommand,
  type SFNClient,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

const StateMachineProperties = z.object({
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  RoleArn: z.string(),
  StateMachineType: z.enum(['STANDARD']).default('STANDARD'),
});

/**
 * Makes every AWS::StepFunctions::StateMachine, updates one whose definition has changed (executions under way keep
 * theirs), deletes those that the template no longer has.
 *
 * @throws {TemplateError} naming the state machine whose definition is refused.
 */
export async function createStateMachines(stack: Stack, stepFunctions: SFNClient): Promise<void> {
  const resources = resourcesOfType(stack, 'AWS::StepFunctions::StateMachine');
  const { stateMachines = [] } = await stepFunctions.send(new ListStateMachinesCommand({}));
  const there = new Set(stateMachines.map(({ stateMachineArn }) => stateMachineArn));
  await Promise.all(
    resources.map(async (resource) => {
      const { definition, roleArn } = definitionOf(resource);
      const stateMachineArn = resource.ref;
      try {
        if (there.delete(stateMachineArn))
          await stepFunctions.send(new UpdateStateMachineCommand({ stateMachineArn, definition, roleArn }));
        else await stepFunctions.send(new CreateStateMachineCommand({ name: resource.name, definition, roleArn }));
      } catch (error) {
        throw new TemplateError(resource.logicalId, error instanceof Error ? error.message : String(error));
      }
    }),
  );
  for (const stateMachineArn of there) await stepFunctions.send(new DeleteStateMachineCommand({ stateMachineArn }));
}

function definitionOf(resource: StackResource): { readonly definition: string; readonly roleArn: string } {
  const { DefinitionString, Definition, DefinitionSubstitutions, RoleArn } = readProperties(
    StateMachineProperties,
    resource,
  );
  const text = DefinitionString ?? (Definition === undefined ? undefined : JSON.stringify(Definition));
  if (text === undefined) throw new TemplateError(resource.logicalId, 'has no definition');
  const definition = Object.entries(DefinitionSubstitutions).reduce(
    (replaced, [name, value]) => replaced.replaceAll(`\${${name}}`, value),
    text,
  );
  return { definition, roleArn: RoleArn };
}
