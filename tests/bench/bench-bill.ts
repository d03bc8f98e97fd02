import type { DuckDBConnection } from '@duckdb/node-api';

/** Customers of the benchmark, each with one sub account. */
export const BENCH_CUSTOMERS = 100;
/** Rules of the benchmark, in one order; a row meets the first that matches. */
export const BENCH_RULES = 20;
/** The month of the benchmark's bill. */
export const BENCH_PERIOD = '2025-03';

/** The sub account of a customer, by its number from 0. */
export function benchSubAccount(customer: number): string {
  return String(100_000_000_000 + customer);
}

/** Writes a FOCUS bill of 45 columns as Parquet, the same rows for the same count: costs with 10 decimals, tags, five services. */
export async function writeBenchBill(connection: DuckDBConnection, path: string, rows: number): Promise<void> {
  await connection.run(`COPY (
    WITH n AS (SELECT i, (i * 2654435761) % 4294967296 AS h FROM range(${rows}) t(i)),
    p AS (SELECT i, h, CAST((h % 240000 + 1) AS DECIMAL(18,0)) * 0.0001 AS quantity,
                 CAST((h // 7 % 90000 + 1) AS DECIMAL(18,0)) * 0.000001 AS list_price FROM n)
    SELECT NULL::VARCHAR AS AvailabilityZone, CAST(quantity * list_price * 0.9 AS DECIMAL(28,12)) AS BilledCost,
      '900000000001' AS BillingAccountId, 'Bench payer' AS BillingAccountName, 'Billing Account' AS BillingAccountType,
      'USD' AS BillingCurrency, TIMESTAMP '2025-04-01' AS BillingPeriodEnd, TIMESTAMP '2025-03-01' AS BillingPeriodStart,
      CASE WHEN i % 50 = 0 THEN 'Credit' WHEN i % 97 = 0 THEN 'Tax' ELSE 'Usage' END AS ChargeCategory,
      NULL::VARCHAR AS ChargeClass, 'usage of meter ' || (h % 400) AS ChargeDescription, 'Usage-Based' AS ChargeFrequency,
      TIMESTAMP '2025-03-01' + to_hours(CAST(h % 743 + 1 AS INTEGER)) AS ChargePeriodEnd,
      TIMESTAMP '2025-03-01' + to_hours(CAST(h % 743 AS INTEGER)) AS ChargePeriodStart,
      NULL::VARCHAR AS CommitmentDiscountCategory, NULL::VARCHAR AS CommitmentDiscountId,
      NULL::VARCHAR AS CommitmentDiscountName, NULL::VARCHAR AS CommitmentDiscountStatus,
      NULL::VARCHAR AS CommitmentDiscountType, CAST(quantity AS DECIMAL(28,12)) AS ConsumedQuantity, 'Hours' AS ConsumedUnit,
      CAST(quantity * list_price * 0.9 AS DECIMAL(28,12)) AS ContractedCost,
      CAST(list_price * 0.9 AS DECIMAL(28,12)) AS ContractedUnitPrice,
      CAST(quantity * list_price * 0.9 AS DECIMAL(28,12)) AS EffectiveCost, NULL::VARCHAR AS InvoiceId,
      'Amazon Web Services, Inc.' AS InvoiceIssuerName, CAST(quantity * list_price AS DECIMAL(28,12)) AS ListCost,
      CAST(list_price AS DECIMAL(28,12)) AS ListUnitPrice, 'Standard' AS PricingCategory,
      CAST(quantity AS DECIMAL(28,12)) AS PricingQuantity, 'Hours' AS PricingUnit, 'AWS' AS ProviderName,
      'Amazon Web Services, Inc.' AS PublisherName, ['eu-central-1', 'us-east-1', 'ap-south-1'][h % 3 + 1] AS RegionId,
      ['EU (Frankfurt)', 'US East (N. Virginia)', 'Asia Pacific (Mumbai)'][h % 3 + 1] AS RegionName,
      'arn:aws:ec2:eu-central-1:' || (100000000000 + h % ${BENCH_CUSTOMERS}) || ':instance/i-' || (h % 20000) AS ResourceId,
      'i-' || (h % 20000) AS ResourceName, 'Instance' AS ResourceType,
      ['Compute', 'Storage', 'Databases', 'Networking', 'Analytics'][h // 3 % 5 + 1] AS ServiceCategory,
      ['Amazon EC2', 'Amazon S3', 'Amazon RDS', 'Amazon CloudFront', 'Amazon Athena'][h // 3 % 5 + 1] AS ServiceName,
      'SKU' || (h % 400) AS SkuId, 'SKU' || (h % 400) || '.1' AS SkuPriceId,
      CAST(100000000000 + h % ${BENCH_CUSTOMERS} AS VARCHAR) AS SubAccountId, 'account ' || (h % ${BENCH_CUSTOMERS}) AS SubAccountName,
      MAP {'env': ['prod', 'dev', 'test'][h // 11 % 3 + 1], 'team': 'team-' || (h % 40)} AS Tags
    FROM p) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`);
}

/** The benchmark's configuration: 100 customers; 19 rules that each match a service and a tag, and one for all the rest. */
export function benchConfig() {
  const services = ['Amazon EC2', 'Amazon S3', 'Amazon RDS', 'Amazon CloudFront', 'Amazon Athena'];
  const rule = (number: number) => ({
    name: `rule ${number}`,
    startDate: `${BENCH_PERIOD}-01`,
    customers: 'all',
    filter: {
      all: [
        { field: 'ServiceName', op: 'in', values: [services[number % services.length]] },
        { field: 'Tags', key: 'team', op: 'in', values: [`team-${number * 2}`, `team-${number * 2 + 1}`] },
      ],
    },
    ...(number % 2 === 0
      ? { type: 'adjust_to_list', offsetPercent: String(number % 7) }
      : { type: 'rerate', base: 'billed_cost', offsetPercent: `${number}.5` }),
  });
  return {
    partner: { name: 'Bench', currency: 'USD' },
    customers: Array.from({ length: BENCH_CUSTOMERS }, (_, customer) => ({
      name: `Customer ${customer}`,
      subAccounts: [benchSubAccount(customer)],
    })),
    rules: [
      ...Array.from({ length: BENCH_RULES - 1 }, (_, number) => rule(number)),
      {
        name: 'the rest',
        type: 'rerate',
        base: 'billed_cost',
        startDate: `${BENCH_PERIOD}-01`,
        customers: 'all',
        offsetPercent: '5',
      },
    ],
  };
}
