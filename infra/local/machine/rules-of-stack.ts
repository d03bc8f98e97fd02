import { type Rule, ruleOf } from '../event-bridge/rule.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** Every AWS::Events::Rule of a stack. @throws {TemplateError} naming the rule that EventBridge would refuse */
export function rulesOfStack(stack: Stack): readonly Rule[] {
  return resourcesOfType(stack, 'AWS::Events::Rule').map(({ logicalId, name, arn = '', properties }) => {
    try {
      return ruleOf(name, arn, properties);
    } catch (error) {
      throw new TemplateError(logicalId, String(error));
    }
  });
}
