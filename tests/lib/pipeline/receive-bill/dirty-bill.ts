/** A bill of six rows with the defects of real files, as CSV. */
export const DIRTY_CSV = `\uFEFFBilledCost,BillingCurrency,billingperiodstart,ChargeCategory,ChargePeriodStart,ContractedCost,EffectiveCost,ListCost,"PricingQuantity",SubAccountId,SubAccountName,ChargeDescription,Tags,ServiceProviderName,x_IsMarketplace,x_Nobody Knows\r
1.5E-7,USD,2025-03-01 00:00:00,Usage,2025-03-05T01:00:00Z,5.,NULL,1,1,000123456789,"Atlas, ""Nimbus""","1 breaks
in ""two"", and a \\n stays","{""env"":""a\\""b"",""path"":""C:\\\\temp""}",AWS,TRUE,7\r
0.1234567890123456790123457,USD,2025-03-01T00:00:00.000Z,Usage,2025-03-05 02:00:00.500,,,1,NULL,000123456789,NULL,2 many decimals,NULL,AWS,False,\r
-12,USD,2025-03-01T02:00:00+02:00,Usage,2025-03-01T00:00:00+02:00,.5,0,1,-3,000123456789,"Atlas, ""Nimbus""",3 offset,{},AWS,,NULL\r
1234567890123456.1234567890126,USD,2025-03-01 00:00:00+00,Tax,2025-03-05 08:00:00+02:30,0,0,1e0,-0,NULL,NULL,4 whole hours,"{""n"":1.5}",AWS,NULL,\r
2.067951531382569E-21,USD,2025-03-01,Usage,2025-03-06,0.0,0,1,+2.5,,,5 a day,NULL,AWS,NULL,\r
NULL,USD,2025-03-01 00:00:00 UTC,Usage,2025-03-31 23:00,7,0,1,,000987654321,,6 another provider,,Oracle Cloud,,\r
`;

/** The same bill as an export writes it in Parquet: its own types where it has them, text where it does not. */
export const DIRTY_ROWS_AS_PARQUET = `
SELECT billed AS "BilledCost", 'USD' AS "BillingCurrency", CAST(TIMESTAMPTZ '2025-03-01 00:00:00+00' AS TIMESTAMPTZ) AS billingperiodstart,
  category AS "ChargeCategory", CAST(charged AS TIMESTAMP) AS "ChargePeriodStart", CAST(contracted AS DECIMAL(10,4)) AS "ContractedCost",
  CAST(effective AS DOUBLE) AS "EffectiveCost", CAST(1 AS BIGINT) AS "ListCost", CAST(quantity AS DOUBLE) AS "PricingQuantity",
  id AS "SubAccountId", account AS "SubAccountName", description AS "ChargeDescription", tags AS "Tags",
  provider AS "ServiceProviderName", marketplace AS "x_IsMarketplace", {'a': 7} AS "x_Nobody Knows"
FROM (VALUES
  ('1.5E-7', 'Usage', '2025-03-05 01:00:00', 5, NULL, 1, '000123456789', 'Atlas, "Nimbus"', '1 breaks\nin "two", and a \\n stays', '{"env":"a\\"b","path":"C:\\\\temp"}', 'AWS', 'TRUE'),
  ('0.1234567890123456790123457', 'Usage', '2025-03-05 02:00:00.5', NULL, NULL, NULL, '000123456789', NULL, '2 many decimals', NULL, 'AWS', 'False'),
  ('-12', 'Usage', '2025-02-28 22:00:00', 0.5, 0, -3, '000123456789', 'Atlas, "Nimbus"', '3 offset', '{}', 'AWS', ''),
  ('1234567890123456.1234567890126', 'Tax', '2025-03-05 05:30:00', 0, 0, -0.0, NULL, NULL, '4 whole hours', '{"n":1.5}', 'AWS', NULL),
  ('2.067951531382569E-21', 'Usage', '2025-03-06', 0, 0, 2.5, '', '', '5 a day', NULL, 'AWS', NULL),
  (NULL, 'Usage', '2025-03-31 23:00:00', 7, 0, NULL, '000987654321', NULL, '6 another provider', NULL, 'Oracle Cloud', NULL)
) t(billed, category, charged, contracted, effective, quantity, id, account, description, tags, provider, marketplace)`;
