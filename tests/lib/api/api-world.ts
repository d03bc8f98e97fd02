import { dynamoDbAdditionsStore } from '../../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbAssignmentStore } from '../../../lib/adapters/dynamodb/registry/assignment-store.ts';
import { dynamoDbClosingStore } from '../../../lib/adapters/dynamodb/registry/closing-store.ts';
import { dynamoDbCustomerStore } from '../../../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbIntegrationStore } from '../../../lib/adapters/dynamodb/registry/integration-store.ts';
import { dynamoDbPartnerConfigReader } from '../../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbRuleStore } from '../../../lib/adapters/dynamodb/registry/rule-store.ts';
import { dynamoDbSettingsStore } from '../../../lib/adapters/dynamodb/registry/settings-store.ts';
import { dynamoDbSubAccountRegistry } from '../../../lib/adapters/dynamodb/registry/sub-account-registry.ts';
import { dynamoDbUserStore } from '../../../lib/adapters/dynamodb/registry/user-store.ts';
import { dynamoDbDeliveryStore } from '../../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbPinStore } from '../../../lib/adapters/dynamodb/runs/pin-store.ts';
import { dynamoDbRunStore } from '../../../lib/adapters/dynamodb/runs/run-store.ts';
import { freshUuid } from '../../../lib/adapters/system-clock.ts';
import type { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { Day } from '../../../lib/domain/day.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../lib/domain/ids.ts';
import { customerIdOf, ruleIdOf } from '../../../lib/domain/new-id.ts';
import type { AuditRecord } from '../../../lib/ports/audit-log.ts';
import type { QueryRow } from '../../../lib/ports/query-engine.ts';
import { openTable } from '../adapters/dynamodb/open-table.ts';
import { memoryLake } from './memory-lake.ts';

/** The API's world on the DynamoDB stand-in; asks are noted, the ledger answers what a test gives it. */
export async function openApiWorld() {
  const registry = await openTable('registry');
  const runs = await openTable('runs');
  const lake = memoryLake();
  const periods = dynamoDbPeriodStore(runs);
  const asked: string[] = [];
  const queried: { customerId: string; statement: string }[] = [];
  const ledger = { rows: [] as readonly QueryRow[], fails: undefined as Error | undefined };
  const lost: unknown[] = [];
  const audited: AuditRecord[] = [];
  let now = Date.parse('2025-03-15T12:00:00.000Z');
  const nextMillisecond = () => {
    now += 1;
    return new Date(now);
  };
  const query = async (customerId: string, statement: string) => {
    queried.push({ customerId, statement });
    if (ledger.fails) throw ledger.fails;
    return ledger.rows;
  };
  const asks = {
    splitBill: async (integrationId: string, period: string) => void asked.push(`split ${integrationId} ${period}`),
    priceAdditions: async (period: string) => void asked.push(`additions ${period}`),
  };
  return {
    audited,
    audit: {
      log: { append: async (record: AuditRecord) => void audited.push(record) },
      clock: { now: () => new Date(now) },
      freshUuid,
      onLostOutcome: (error: unknown) => void lost.push(error),
    },
    asked,
    queried,
    lost,
    ledgerAnswers: ledger,
    lake,
    tables: { registry, runs },
    world: {
      customers: dynamoDbCustomerStore(registry),
      integrations: dynamoDbIntegrationStore(registry),
      assignments: dynamoDbAssignmentStore(registry),
      subAccounts: dynamoDbSubAccountRegistry(registry),
      rules: dynamoDbRuleStore(registry),
      settings: dynamoDbSettingsStore(registry),
      users: dynamoDbUserStore(registry),
      config: dynamoDbPartnerConfigReader(registry),
      closings: dynamoDbClosingStore(registry),
      deliveries: dynamoDbDeliveryStore(runs),
      runs: dynamoDbRunStore(runs),
      additions: dynamoDbAdditionsStore(runs),
      periods,
      pins: dynamoDbPinStore(runs),
      asks,
      operatorAsks: {
        writeLists: async (integrationId: string, period: string) =>
          void asked.push(`lists ${integrationId} ${period}`),
        receiveAgain: async (deliveryId: string, attempt: number) =>
          void asked.push(`receive ${deliveryId} ${attempt}`),
      },
      lake: {
        ...lake,
        head: unused,
        upload: unused,
        delete: unused,
        list: unused,
      },
      ledger: { query },
      partnerLedger: { query: async (statement: string) => await query('partner', statement) },
      repricing: {
        periods,
        asks,
        onLostAsk: (error: unknown) => void lost.push(error),
      },
      clock: { now: nextMillisecond },
      freshUuid,
      newCustomerId: () => customerIdOf(freshUuid()),
      newRuleId: () => ruleIdOf(freshUuid()),
    },
    close: async () => {
      await Promise.all([registry.close(), runs.close()]);
    },
  };
}

/** What `openApiWorld` opens. */
export type ApiWorld = Awaited<ReturnType<typeof openApiWorld>>;

async function unused(): Promise<never> {
  throw new Error('the API only reads the lake');
}

/** Publishes a run of (integration, period) as SplitBill does, with charges from the 1st to the 28th and lists for these owners. */
export async function publishRun(
  { world: { periods, config } }: ApiWorld,
  {
    integration,
    period,
    owners,
    number,
  }: { integration: string; period: BillingPeriod; owners: string[]; number: number },
): Promise<RunId> {
  const digits = String(number).padStart(40, '0');
  const integrationId = IntegrationId.parse(integration);
  const [runId, deliveryId] = [RunId.parse(`run_${digits}`), DeliveryId.parse(`dlv_${digits}`)];
  const configRevision = await config.revision();
  await periods.raiseWanted(integrationId, period, { deliverySeq: digits, deliveryId });
  const holder = { runId, executionArn: 'arn', now: '2025-04-01T00:00:00Z', expiresAt: '2025-04-01T01:00:00Z' };
  const taken = await periods.acquireLease(integrationId, period, holder);
  if (taken === 'busy') throw new Error('the period is busy');
  const publishedAt = '2025-04-01T00:00:00.000Z';
  const days = { first: Day.parse(`${period}-01`), last: Day.parse(`${period}-28`) };
  const published = { deliverySeq: digits, deliveryId, configRevision, runId, publishedAt, days, owners };
  await periods.publish(integrationId, period, taken.lease, published);
  await periods.releaseLease(integrationId, period, runId);
  return runId;
}
