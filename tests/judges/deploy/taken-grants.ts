import { z } from 'zod';
import { evaluateTemplate } from '../../../infra/local/iam/evaluate-template.ts';
import { resolveStack } from '../../../infra/local/template/resolve-stack.ts';
import { idOf, parseTemplate, propertiesOf } from '../../journeys/edited-template.ts';
import { ACCOUNT_ID, REGION } from './cloud.ts';
import type { Stack } from './stack.ts';
import type { Denial } from './start-ministack.ts';

/** An action of one role: its logical id begins so. */
export interface TakenGrant {
  readonly role: string;
  readonly action: string;
}

const Statement = z.looseObject({ Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]) });
const Document = z.looseObject({ Statement: z.array(Statement) });

/** The template whose role may no longer do this to anything; whatever else its statements grant stays. */
export function withoutGrant(text: string, { role, action }: TakenGrant): string {
  const template = parseTemplate(text);
  const properties = propertiesOf(template, 'AWS::IAM::Policy', `${role}DefaultPolicy`);
  const document = Document.parse(properties.PolicyDocument);
  const left = document.Statement.map((one) => ({ ...one, Action: one.Action.filter((name) => name !== action) }));
  if (left.every(({ Action }, index) => Action.length === document.Statement[index]?.Action.length))
    throw new Error(`${role} is not granted ${action}`);
  properties.PolicyDocument = z
    .json()
    .parse({ ...document, Statement: left.filter(({ Action }) => Action.length > 0) });
  return JSON.stringify(template);
}

/** What our own evaluation of a template says to the call that ministack refused: `true` where it would let it pass. */
export async function ourAnswer(text: string, { role }: TakenGrant, { action, resource }: Denial, stack: Stack) {
  const template: unknown = JSON.parse(text);
  const options = {
    stackName: stack.name,
    region: REGION,
    accountId: ACCOUNT_ID,
    parameters: stack.parameters,
    urls: { sqs: 'https://sqs.test', httpApi: 'https://api.test' },
  };
  const ours = resolveStack(template, options);
  // The two give names of their own to what the template leaves unnamed.
  const named = [...(await stack.resources())].reduce((arn, [logicalId, { physicalId }]) => {
    const ref = ours.resources.get(logicalId)?.ref;
    return ref === undefined || physicalId.length < 8 ? arn : arn.replace(physicalId, ref);
  }, resource);
  const roleId = idOf(parseTemplate(text), 'AWS::IAM::Role', role);
  return evaluateTemplate(template, { role: roleId, action, resource: named }, options).allowed;
}
