import { dynamoDbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamoDbAssignmentStore } from '../../lib/adapters/dynamodb/registry/assignment-store.ts';
import { dynamoDbClosingStore } from '../../lib/adapters/dynamodb/registry/closing-store.ts';
import { dynamoDbCustomerStore } from '../../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbIntegrationStore } from '../../lib/adapters/dynamodb/registry/integration-store.ts';
import { dynamoDbRuleStore } from '../../lib/adapters/dynamodb/registry/rule-store.ts';
import { dynamoDbSettingsStore } from '../../lib/adapters/dynamodb/registry/settings-store.ts';
import { dynamoDbUserStore } from '../../lib/adapters/dynamodb/registry/user-store.ts';
import { dynamoDbPinStore } from '../../lib/adapters/dynamodb/runs/pin-store.ts';
import type { HttpAnswer, HttpRequest } from '../../lib/api/http.ts';
import { identifyCaller } from '../../lib/api/identify-caller.ts';
import { serveApi } from '../../lib/api/serve-api.ts';
import { apiUseCases } from '../../lib/api/use-cases.ts';
import type { RuleId } from '../../lib/domain/ids.ts';
import { customerIdOf } from '../../lib/domain/new-id.ts';
import type { Ports } from './ports.ts';

/** The `sub` of the one who makes edits: a partner by the deployment's own parameter. */
export const PARTNER_SUB = 'the partner';

const NOT_PLAYED = () => Promise.reject(new Error('readers of costs are not played here'));

/**
 * The api function's own code over the ports of one invocation, as `functions/live-api.ts` binds it. A rule that a request
 * creates gets `newRuleId`: the same in many sequences, so that what was made under it is remembered.
 */
export function apiOf(ports: Ports, newRuleId: RuleId | undefined): (request: HttpRequest) => Promise<HttpAnswer> {
  const { registry, runsTable, auditTable, clock, freshUuid, periods, asks } = ports;
  const users = dynamoDbUserStore(registry);
  const useCases = apiUseCases({
    ...ports,
    users,
    customers: dynamoDbCustomerStore(registry),
    integrations: dynamoDbIntegrationStore(registry),
    assignments: dynamoDbAssignmentStore(registry),
    closings: dynamoDbClosingStore(registry),
    rules: dynamoDbRuleStore(registry),
    settings: dynamoDbSettingsStore(registry),
    pins: dynamoDbPinStore(runsTable),
    repricing: { periods, asks, onLostAsk: () => {} },
    ledger: { query: NOT_PLAYED },
    partnerLedger: { query: NOT_PLAYED },
    newCustomerId: () => customerIdOf(freshUuid()),
    newRuleId: () => {
      if (newRuleId === undefined) throw new Error('the request says no id for its rule');
      return newRuleId;
    },
  });
  const audit = { log: dynamoDbAuditLog(auditTable), clock, freshUuid, onLostOutcome: () => {} };
  return serveApi(useCases, identifyCaller({ users, firstPartnerSubject: PARTNER_SUB }), audit);
}
