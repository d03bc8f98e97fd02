import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { DEFAULT_SETTINGS } from '../../../lib/domain/settings.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { CONTOSO, openForRules } from './delivered-table.ts';
import { priceBill } from './price-bill.ts';
import { stored } from './stored.ts';

describe('A small bill', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test('is priced from delivered rows to ledger, waterfall, warnings and additions', async () => {
    const priced = await priceBill(database, {
      settings: DEFAULT_SETTINGS,
      customers: [
        CustomerTenant.parse({ id: CONTOSO, name: 'Contoso', createdAt: '2025-01-01T00:00:00Z', version: 1 }),
      ],
      period: BillingPeriod.parse('2025-03'),
      rules: stored(
        { type: 'adjust_to_list' },
        { type: 'charge', startDate: '2025-03-01', amount: '300', serviceName: 'Care' },
      ),
      rows: [
        { x_RowId: '1', BilledCost: '1', ListCost: '2' },
        { x_RowId: '2', BilledCost: '1', ListCost: null },
        { x_RowId: '3', BilledCost: '1', x_Owner: 'unassigned' },
      ],
    });
    expect(priced.owners.map(({ x_Owner }) => x_Owner)).toEqual([CONTOSO, CONTOSO, 'unassigned']);
    expect(priced.ledger.map(({ BilledCost }) => Number(BilledCost))).toEqual([2, 1]);
    expect(priced.waterfall.map(({ x_BilledCostDelta }) => Number(x_BilledCostDelta))).toEqual([1, 0]);
    expect(priced.warnings).toMatchObject([{ code: 'list_price_missing', customer: CONTOSO, rows: '1' }]);
    expect(priced.additions).toMatchObject([{ customer: CONTOSO, ChargeCategory: 'Adjustment', amount: '300' }]);
  });
});
