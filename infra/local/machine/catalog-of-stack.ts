import { z } from 'zod';
import { type GlueTable, glueTableOf } from '../athena/glue-table.ts';
import type { AthenaWorkGroup } from '../athena/work-group.ts';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { Flag, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** What Athena is told of the template. */
export interface Catalog {
  readonly tables: readonly GlueTable[];
  readonly databases: readonly string[];
  readonly workGroups: readonly AthenaWorkGroup[];
}

const WorkGroupProperties = z.object({
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  WorkGroupConfiguration: z
    .object({
      EnforceWorkGroupConfiguration: Flag.default(true),
      ResultConfiguration: z.object({ OutputLocation: z.string().optional() }).default({}),
    })
    .default({ EnforceWorkGroupConfiguration: true, ResultConfiguration: {} }),
});

/** Glue tables, databases and enabled work groups of a stack. @throws {TemplateError} naming a resource that does not fit */
export function catalogOfStack(stack: Stack): Catalog {
  return {
    tables: resourcesOfType(stack, 'AWS::Glue::Table').map(tableOf),
    databases: resourcesOfType(stack, 'AWS::Glue::Database').map(({ name }) => name),
    workGroups: resourcesOfType(stack, 'AWS::Athena::WorkGroup').flatMap((resource) => {
      const { State, WorkGroupConfiguration: configuration } = readProperties(WorkGroupProperties, resource);
      if (State === 'DISABLED') return [];
      return [
        {
          name: resource.name,
          outputLocation: configuration.ResultConfiguration.OutputLocation,
          isEnforced: configuration.EnforceWorkGroupConfiguration,
        },
      ];
    }),
  };
}

function tableOf({ logicalId, properties }: StackResource): GlueTable {
  try {
    return glueTableOf(properties);
  } catch (error) {
    throw new TemplateError(logicalId, String(error));
  }
}
