import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccessRecord } from '../../infra/local/iam/gate.ts';
import { stackPolicies } from '../../infra/local/iam/stack-policies.ts';
import { forgetAtOnce } from '../journeys/forget-at-once.ts';
import { openEdited } from '../journeys/open-edited.ts';
import type { Product } from '../journeys/open-product.ts';
import { type Grant, grantsOf, withoutGrant } from './grants.ts';
import { loseEvents } from './journey/undelivered-events.ts';
import { UPLOADER_ARN } from './journey/uploader.ts';
import { walkEverything } from './journey/whole-journey.ts';
import { UNMET } from './unmet-grants.ts';

/** A journey of half a minute, on a machine that has other things to do too. */
const JOURNEY_SECONDS = 300;

let product: Product;
/** What was asked while every grant stood, and while EventBridge's were taken out. */
let met: readonly AccessRecord[];
let metByDeadLetters: readonly AccessRecord[];

beforeAll(async () => {
  const records: AccessRecord[] = [];
  product = await openEdited({
    edit: forgetAtOnce,
    parameters: { UploaderPrincipalArn: UPLOADER_ARN },
    machine: { eventRetrySeconds: [0, 0], onAccess: (record) => records.push(record) },
  });
  await walkEverything(product, records);
  met = [...records];
  await loseEvents(product);
  metByDeadLetters = records.slice(met.length).filter(({ decision }) => decision.allowed);
}, JOURNEY_SECONDS * 1000);
afterAll(() => product?.close());

const callerOf = ({ principal }: AccessRecord) => (principal.kind === 'role' ? principal.roleArn : principal.kind);
const name = ({ holder, action, resource }: Grant) => `${holder} ${action} ${resource}`;

test('all that the product does is allowed by the template’s own policies: nothing was refused', () => {
  const refused = met.filter(({ decision }) => !decision.allowed);
  expect([...new Set(refused.map((one) => `${callerOf(one)} ${one.access.action} ${one.access.resource}`))]).toEqual(
    [],
  );
});

test('every grant is needed: without it a call is refused, or it stands on the list of what is not met here', () => {
  const { stack } = product.machine;
  const calls = [
    ...new Map([...met, ...metByDeadLetters].map((one) => [JSON.stringify([one.principal, one.access]), one])).values(),
  ];
  const byAction = Map.groupBy(calls, ({ access }) => access.action.toLowerCase());
  const unneeded = grantsOf(stack).filter((grant) => {
    const policies = stackPolicies(withoutGrant(stack, grant));
    const touched = byAction.get(grant.action.toLowerCase()) ?? [];
    return touched.every(({ principal, access }) => policies.decide(principal, access).allowed);
  });
  expect(unneeded.filter((grant) => !UNMET.some(({ is }) => is(grant))).map(name)).toEqual([]);
  expect(UNMET.filter(({ is }) => !unneeded.some(is)).map(({ reason }) => reason)).toEqual([]);
});
