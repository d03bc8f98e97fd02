import { createHash } from 'node:crypto';

/** Longest name per resource type, as each service documents it; CloudFormation cuts the readable parts to fit. */
const NAME_LENGTH_MAX: Readonly<Record<string, number>> = {
  'AWS::S3::Bucket': 63,
  'AWS::Lambda::Function': 64,
  'AWS::Events::Rule': 64,
  'AWS::IAM::Role': 64,
  'AWS::SQS::Queue': 80,
  'AWS::StepFunctions::StateMachine': 80,
};

/**
 * The name CloudFormation would make up for an unnamed resource, `<stack>-<logicalId>-<12 letters and digits>`. The
 * last part is a hash here, so that a restart finds what it made before. Bucket names are in lower case.
 */
export function physicalName(stackName: string, logicalId: string, type: string): string {
  const suffix = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12).toUpperCase();
  const room = (NAME_LENGTH_MAX[type] ?? 128) - suffix.length - 2;
  const stack = stackName.slice(0, Math.max(room - logicalId.length, Math.floor(room / 2)));
  const name = `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}
