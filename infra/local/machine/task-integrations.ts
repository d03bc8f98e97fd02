import { z } from 'zod';
import type { EventBridgeStandIn } from '../event-bridge/event-bridge.ts';
import { AccessDenied } from '../iam/access-denied.ts';
import type { RolePrincipal } from '../iam/principal.ts';
import type { Home } from '../iam/services/access-table.ts';
import { eventsAccesses } from '../iam/services/events-accesses.ts';
import { invokeAccess } from '../iam/services/lambda-accesses.ts';
import type { LambdaStandIn } from '../lambda/lambda.ts';
import { athenaQueries } from '../step-functions/integrations/athena.ts';
import { dynamodbItems } from '../step-functions/integrations/dynamodb.ts';
import { eventsPutEvents } from '../step-functions/integrations/events-put-events.ts';
import type { Integration, Integrations } from '../step-functions/integrations/integration.ts';
import { lambdaInvoke } from '../step-functions/integrations/lambda-invoke.ts';
import { sqsSendMessage } from '../step-functions/integrations/sqs-send-message.ts';
import { StateError } from '../step-functions/state-error.ts';
import type { Stack } from '../template/resolve-stack.ts';
import type { MachineRights } from './machine-rights.ts';
import { resourcesOfType } from './resources-of-type.ts';
import type { ClientsOfRole } from './role-clients.ts';

/** What Tasks call, each bound to the machine's own stand-in. */
export interface TaskServices {
  readonly home: Home;
  readonly stack: Stack;
  readonly rights: MachineRights;
  readonly clientsOf: ClientsOfRole;
  readonly lambda: Pick<LambdaStandIn, 'invoke' | 'invokeEvent'>;
  readonly putEvents: EventBridgeStandIn['putEvents'];
}

/** The service under which a state machine's role works. */
const STATES = 'states.amazonaws.com';

/**
 * The service integrations that state machines can use on this machine; a definition with another one is refused. Each
 * call is made under the role of the state machine that makes it.
 */
export function taskIntegrations(services: TaskServices): Integrations {
  const roles = new Map(
    resourcesOfType(services.stack, 'AWS::StepFunctions::StateMachine').map(({ ref, properties }) => [
      ref,
      z.string().parse(properties.RoleArn),
    ]),
  );
  const byRole = new Map<string, Integrations>();
  const ofRole = (roleArn: string): Integrations => {
    const known = byRole.get(roleArn) ?? integrationsOf(roleArn, services);
    byRole.set(roleArn, known);
    return known;
  };
  const names = [...roles.values()].slice(0, 1).flatMap((roleArn) => Object.keys(ofRole(roleArn)));
  return Object.fromEntries(
    names.map((name): [string, Integration] => [
      name,
      async (args, context) => {
        const integration = ofRole(roles.get(context.stateMachineArn) ?? '')[name];
        if (integration === undefined) throw new Error(`there is no integration ${name}`);
        return integration(args, context);
      },
    ]),
  );
}

function integrationsOf(roleArn: string, services: TaskServices): Integrations {
  const { home, rights, clientsOf, lambda, putEvents } = services;
  const { sqs, dynamoDb, athena } = clientsOf(STATES, roleArn);
  const role: RolePrincipal = { kind: 'role', roleArn, sessionName: 'states', tags: {} };
  return {
    'arn:aws:states:::lambda:invoke': lambdaInvoke(async ({ functionName, payload, invocationType }) => {
      refusedAs('Lambda', () => rights.gate.require(role, [invokeAccess(home, functionName)]));
      if (invocationType === 'RequestResponse') return lambda.invoke(functionName, payload);
      lambda.invokeEvent(functionName, payload);
      return { payload: '' };
    }),
    'arn:aws:states:::sqs:sendMessage': sqsSendMessage(sqs),
    'arn:aws:states:::events:putEvents': eventsPutEvents(async (given) => {
      refusedAs('EventBridge', () => rights.gate.require(role, eventsAccesses(home)('PutEvents', { Entries: given })));
      const Entries = await putEvents(given);
      return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
    }),
    ...dynamodbItems(dynamoDb),
    ...athenaQueries(athena),
  };
}

/** A refusal as the SDK that Step Functions uses would have brought it. */
function refusedAs(service: string, require: () => void): void {
  try {
    require();
  } catch (error) {
    throw error instanceof AccessDenied ? new StateError(`${service}.AccessDeniedException`, error.message) : error;
  }
}
