import { STSClient } from '@aws-sdk/client-sts';
import { athenaCustomerLedger } from '../lib/adapters/athena/athena-customer-ledger.ts';
import { athenaPartnerLedger } from '../lib/adapters/athena/athena-partner-ledger.ts';
import { dynamoDbAdditionsStore } from '../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbAuditLog } from '../lib/adapters/dynamodb/audit-log.ts';
import { dynamoDbAssignmentStore } from '../lib/adapters/dynamodb/registry/assignment-store.ts';
import { dynamoDbClosingStore } from '../lib/adapters/dynamodb/registry/closing-store.ts';
import { dynamoDbCustomerStore } from '../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbIntegrationStore } from '../lib/adapters/dynamodb/registry/integration-store.ts';
import { dynamoDbPartnerConfigReader } from '../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbRuleStore } from '../lib/adapters/dynamodb/registry/rule-store.ts';
import { dynamoDbSettingsStore } from '../lib/adapters/dynamodb/registry/settings-store.ts';
import { dynamoDbSubAccountRegistry } from '../lib/adapters/dynamodb/registry/sub-account-registry.ts';
import { dynamoDbUserStore } from '../lib/adapters/dynamodb/registry/user-store.ts';
import { dynamoDbDeliveryStore } from '../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbPinStore } from '../lib/adapters/dynamodb/runs/pin-store.ts';
import { dynamoDbRunStore } from '../lib/adapters/dynamodb/runs/run-store.ts';
import { assumedCredentials } from '../lib/adapters/sts/assumed-credentials.ts';
import { customerCredentials } from '../lib/adapters/sts/customer-credentials.ts';
import { freshUuid, systemClock } from '../lib/adapters/system-clock.ts';
import { identifyCaller } from '../lib/api/identify-caller.ts';
import { customerIdOf, ruleIdOf } from '../lib/domain/new-id.ts';
import { ENV } from '../lib/names/environment.ts';
import { auditTable, lake, operatorAsks, priceAdditionsAsks, registryTable, runsTable, splitBillAsks } from './live.ts';
import { requireVariable } from './require-variable.ts';
import { logger } from './telemetry.ts';

/** The world of the API's use cases, bound to what the api function's role reaches. */
export function apiWorld() {
  const registry = registryTable();
  const periods = dynamoDbPeriodStore(runsTable());
  const asks = { ...splitBillAsks(), ...priceAdditionsAsks() };
  const sts = new STSClient({});
  const readerRole = requireVariable(ENV.customerReaderRoleArn);
  const partnerRole = { RoleArn: requireVariable(ENV.partnerReaderRoleArn), RoleSessionName: 'partner' };
  return {
    customers: dynamoDbCustomerStore(registry),
    integrations: dynamoDbIntegrationStore(registry),
    assignments: dynamoDbAssignmentStore(registry),
    subAccounts: dynamoDbSubAccountRegistry(registry),
    rules: dynamoDbRuleStore(registry),
    settings: dynamoDbSettingsStore(registry),
    users: dynamoDbUserStore(registry),
    config: dynamoDbPartnerConfigReader(registry),
    closings: dynamoDbClosingStore(registry),
    deliveries: dynamoDbDeliveryStore(runsTable()),
    runs: dynamoDbRunStore(runsTable()),
    additions: dynamoDbAdditionsStore(runsTable()),
    periods,
    pins: dynamoDbPinStore(runsTable()),
    asks,
    operatorAsks: operatorAsks(),
    lake: lake(),
    ledger: athenaCustomerLedger((id) => customerCredentials(sts, readerRole, id), {
      workGroup: requireVariable(ENV.workGroupName),
      database: requireVariable(ENV.databaseName),
    }),
    partnerLedger: athenaPartnerLedger(() => assumedCredentials(sts, partnerRole), {
      workGroup: requireVariable(ENV.partnerWorkGroupName),
      database: requireVariable(ENV.databaseName),
    }),
    repricing: {
      periods,
      asks,
      onLostAsk: (error: unknown) => logger.error('an ask was lost', error instanceof Error ? error : String(error)),
    },
    clock: systemClock,
    freshUuid,
    newCustomerId: () => customerIdOf(freshUuid()),
    newRuleId: () => ruleIdOf(freshUuid()),
  };
}

/** Who calls, by the registry; the deployment itself may name the first partner. */
export function liveIdentify() {
  const firstPartnerSubject = process.env[ENV.firstPartnerSubject] ?? '';
  return identifyCaller({ users: dynamoDbUserStore(registryTable()), firstPartnerSubject });
}

/** The audit of every change that is asked for. */
export function liveAudit() {
  return {
    log: dynamoDbAuditLog(auditTable()),
    clock: systemClock,
    freshUuid,
    onLostOutcome: (error: unknown) =>
      logger.error('an outcome was not audited', error instanceof Error ? error : String(error)),
  };
}
