import { type AlarmDefinition, AlarmProperties } from '../cloudwatch/alarm-definition.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** Every AWS::CloudWatch::Alarm of a stack. @throws {TemplateError} for one that is not played here */
export function alarmsOfStack(stack: Stack): readonly AlarmDefinition[] {
  return resourcesOfType(stack, 'AWS::CloudWatch::Alarm').map((alarm) => readProperties(AlarmProperties, alarm));
}
