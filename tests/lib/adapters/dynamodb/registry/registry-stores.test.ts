import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoDbAssignmentStore } from '../../../../../lib/adapters/dynamodb/registry/assignment-store.ts';
import { dynamoDbCustomerStore } from '../../../../../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbIntegrationStore } from '../../../../../lib/adapters/dynamodb/registry/integration-store.ts';
import { dynamoDbPartnerConfigReader } from '../../../../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import type { RegistryTable } from '../../../../../lib/adapters/dynamodb/registry/registry-table.ts';
import { dynamoDbRuleStore } from '../../../../../lib/adapters/dynamodb/registry/rule-store.ts';
import { dynamoDbSettingsStore } from '../../../../../lib/adapters/dynamodb/registry/settings-store.ts';
import { dynamoDbSubAccountRegistry } from '../../../../../lib/adapters/dynamodb/registry/sub-account-registry.ts';
import { dynamoDbUserStore } from '../../../../../lib/adapters/dynamodb/registry/user-store.ts';
import { openMemoryTable } from '../../../../simulator/open-memory-table.ts';
import { assignmentStoreBehaviour } from '../../../ports/assignment-store-behaviour.ts';
import { customerStoreBehaviour } from '../../../ports/customer-store-behaviour.ts';
import { customerId, customerOf } from '../../../ports/ids-of-test.ts';
import { type Registry, registryBehaviour } from '../../../ports/registry-behaviour.ts';
import { ruleStoreBehaviour } from '../../../ports/rule-store-behaviour.ts';
import { type OpenTable, openTable } from '../open-table.ts';

const opened: OpenTable[] = [];
afterAll(() => Promise.all(opened.map((table) => table.close())));

async function openRegistry(): Promise<RegistryTable> {
  const table = await openTable('registry');
  opened.push(table);
  return table;
}

function storesOf(table: RegistryTable): Registry {
  return {
    customers: dynamoDbCustomerStore(table),
    integrations: dynamoDbIntegrationStore(table),
    assignments: dynamoDbAssignmentStore(table),
    rules: dynamoDbRuleStore(table),
    settings: dynamoDbSettingsStore(table),
    users: dynamoDbUserStore(table),
    subAccounts: dynamoDbSubAccountRegistry(table),
    config: dynamoDbPartnerConfigReader(table),
  };
}

const open = async () => {
  const stores = storesOf(await openRegistry());
  return { ...stores, revision: () => stores.config.revision() };
};
customerStoreBehaviour('DynamoDB', open);
assignmentStoreBehaviour('DynamoDB', open);
ruleStoreBehaviour('DynamoDB', open);
registryBehaviour('DynamoDB', open);

const openInMemory = async () => {
  const stores = storesOf(openMemoryTable('registry'));
  return { ...stores, revision: () => stores.config.revision() };
};
customerStoreBehaviour('the simulator’s tables', openInMemory);
assignmentStoreBehaviour('the simulator’s tables', openInMemory);
ruleStoreBehaviour('the simulator’s tables', openInMemory);
registryBehaviour('the simulator’s tables', openInMemory);

describe('A transaction that another one stands in the way of', () => {
  let table: RegistryTable;
  let conflicts = 0;

  beforeAll(async () => {
    table = await openRegistry();
    table.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== 'TransactWriteItemsCommand' || conflicts === 0) return await next(args);
        conflicts -= 1;
        throw new TransactionCanceledException({
          message: 'Transaction cancelled',
          $metadata: {},
          CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
        });
      },
      { step: 'initialize', name: 'conflicts' },
    );
  });

  test('is tried again, and is no taken name', async () => {
    conflicts = 4;
    expect(await dynamoDbCustomerStore(table).add(customerOf(1))).toBe('added');
    expect(await dynamoDbCustomerStore(table).find(customerId(1))).toEqual(customerOf(1));
  });

  test('for good is a conflict, and nothing is written', async () => {
    conflicts = 1000;
    await expect(dynamoDbCustomerStore(table).add(customerOf(2))).rejects.toMatchObject({ code: 'conflict' });
    conflicts = 0;
    expect(await dynamoDbCustomerStore(table).find(customerId(2))).toBeUndefined();
  });
});
