import { z } from 'zod';
import { compileEventPattern, type EventPattern } from './event-pattern.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import type { TargetInput } from './target-input.ts';

/** One target of a rule. */
export interface RuleTarget extends TargetInput {
  readonly id: string;
  readonly arn: string;
  /** Where an event goes that could not be delivered. */
  readonly deadLetterArn?: string | undefined;
  readonly messageGroupId?: string | undefined;
  /** The role under which EventBridge calls a target that has no policy of its own, as a state machine. */
  readonly roleArn?: string | undefined;
}

/** One AWS::Events::Rule, compiled. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly enabled: boolean;
  readonly pattern?: EventPattern;
  readonly schedule?: Schedule;
  readonly targets: readonly RuleTarget[];
}

const RuleProperties = z.object({
  EventBusName: z.string().default('default'),
  EventPattern: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().default('ENABLED'),
  Targets: z
    .array(
      z.object({
        Id: z.string(),
        Arn: z.string(),
        RoleArn: z.string().optional(),
        Input: z.string().optional(),
        InputPath: z.string().optional(),
        InputTransformer: z
          .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
          .optional(),
        DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
        SqsParameters: z.object({ MessageGroupId: z.string() }).optional(),
      }),
    )
    .default([]),
});

/**
 * A rule from the resolved properties of its resource.
 *
 * @throws Error (ZodError) where EventBridge would refuse the rule.
 */
export function ruleOf(name: string, arn: string, properties: unknown): Rule {
  const parsed = RuleProperties.parse(properties);
  const { EventPattern: pattern, ScheduleExpression: schedule } = parsed;
  return {
    name,
    arn,
    busName: parsed.EventBusName.split('/').at(-1) ?? 'default',
    enabled: parsed.State !== 'DISABLED',
    ...(pattern === undefined
      ? {}
      : { pattern: compileEventPattern(typeof pattern === 'string' ? JSON.parse(pattern) : pattern) }),
    ...(schedule === undefined ? {} : { schedule: parseSchedule(schedule) }),
    targets: parsed.Targets.map((target) => ({
      id: target.Id,
      arn: target.Arn,
      input: target.Input,
      inputPath: target.InputPath,
      inputTransformer:
        target.InputTransformer === undefined
          ? undefined
          : { paths: target.InputTransformer.InputPathsMap, template: target.InputTransformer.InputTemplate },
      deadLetterArn: target.DeadLetterConfig?.Arn,
      messageGroupId: target.SqsParameters?.MessageGroupId,
      roleArn: target.RoleArn,
    })),
  };
}
