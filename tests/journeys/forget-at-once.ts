import { ENV } from '../../lib/names/environment.ts';
import { type EditedTemplate, propertiesOf } from './edited-template.ts';

/** Readers and writers of a moment ago are of the past: what nothing refers to is swept at once, not after a day. */
export function forgetAtOnce(template: EditedTemplate): void {
  const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'PipelineSweepLake');
  Object(Environment).Variables[ENV.readersSeconds] = '0';
}
