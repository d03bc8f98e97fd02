/** A good row, cell by cell as CSV. */
const ROW = {
  BilledCost: '1.25',
  BillingCurrency: 'USD',
  BillingPeriodStart: '2025-03-01T00:00:00Z',
  ChargeCategory: 'Usage',
  ChargePeriodStart: '2025-03-05T00:00:00Z',
  ContractedCost: '1.25',
  EffectiveCost: '1.25',
  ListCost: '2',
  PricingQuantity: '1',
  ProviderName: 'AWS',
  SubAccountId: '111111111111',
  SubAccountName: 'one',
  ChargeDescription: 'a charge',
  Tags: '{}',
};

/** A small bill as CSV: one row per entry, each the good row with some cells changed (given as they stand in the file). */
export function bill(rows: readonly Partial<typeof ROW>[], without: readonly string[] = []): string {
  const names = Object.keys(ROW).filter((name) => !without.includes(name));
  const lines = rows.map((change) => {
    const cells: Readonly<Record<string, string>> = { ...ROW, ...change };
    return names.map((name) => cells[name]).join(',');
  });
  return `${[names.join(','), ...lines].join('\n')}\n`;
}
