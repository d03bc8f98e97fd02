WITH
subjects AS (SELECT delivered.*, ("ChargeCategory" IS NULL OR "ChargeCategory" NOT IN ('Credit', 'Tax')) AS "x_IsCost", ("ChargeCategory" IS NULL OR "ChargeCategory" <> 'Credit') AS "x_IsCostOrTax", (("ChargeCategory" IS NULL OR "ChargeCategory" <> 'Purchase' OR "CommitmentDiscountId" IS NULL)
    AND ("CommitmentDiscountStatus" IS NULL OR "CommitmentDiscountStatus" <> 'Unused')) AS "x_IsUsed" FROM delivered),
matched AS (SELECT subjects.*, CASE WHEN "x_Owner" IN ('unassigned', 'partner') THEN CAST(NULL AS INTEGER)
    WHEN "ChargePeriodStart" >= CAST('2025-01-01 00:00:00.000' AS TIMESTAMP) AND (("x_IsCost" AND "x_IsUsed") AND COALESCE("PricingUnit" = 'Hours', FALSE) AND "PricingQuantity" IS NOT NULL) THEN 1 ELSE CAST(NULL AS INTEGER) END AS "x_RuleNumber" FROM subjects),
terms ("x_TermNumber", "x_Formula", "x_Factor", "x_Removes") AS (VALUES
    (0, '', CAST('1' AS DECIMAL(10,6)), FALSE),
    (1, 'tiers', CAST('0' AS DECIMAL(10,6)), FALSE)),
tier_bounds (x_TierNumber, x_PartPlace, x_TierFrom, x_TierTo, "x_Rate", "x_RateWhole", "x_RateSix", "x_RateTail") AS (VALUES
    (1, 0, CAST('-99999999999999999999999999' AS DECIMAL(38,12)), CAST('700' AS DECIMAL(38,12)), CAST('0.1' AS DECIMAL(38,18)), CAST('0' AS DECIMAL(10,0)), CAST('0.1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(10,10))),
    (1, 1, CAST('700' AS DECIMAL(38,12)), CAST('99999999999999999999999999' AS DECIMAL(38,12)), CAST('0.05' AS DECIMAL(38,18)), CAST('0' AS DECIMAL(10,0)), CAST('0.05' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(10,10)))),
counted AS (SELECT "x_RowId" AS x_PartRow, x_CountedNumber, "PricingQuantity" AS x_Counted,
    sum("PricingQuantity") OVER (PARTITION BY x_CountedNumber, "x_Owner", "BillingPeriodStart", ''
      ORDER BY "ChargePeriodStart", "SubAccountId", "x_RowId" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS x_CountedTo
  FROM (SELECT matched.*, "x_RuleNumber" AS x_CountedNumber FROM matched WHERE "x_RuleNumber" IN (1)) AS counted_rows),
spans AS (SELECT counted.*, CASE WHEN x_Counted < 0 THEN x_CountedTo ELSE x_CountedTo - x_Counted END AS x_Lower,
    CASE WHEN x_Counted < 0 THEN x_CountedTo - x_Counted ELSE x_CountedTo - CAST('0' AS DECIMAL(28,12)) END AS x_Upper FROM counted),
tier_parts AS (SELECT x_PartRow, x_CountedNumber AS x_PartNumber, x_PartPlace, x_Counted, "x_Rate", "x_RateWhole", "x_RateSix", "x_RateTail",
    CAST((CASE WHEN x_Upper < x_TierTo THEN x_Upper ELSE x_TierTo END - CASE WHEN x_Lower > x_TierFrom THEN x_Lower ELSE x_TierFrom END)
      * CASE WHEN x_Counted < 0 THEN -1 ELSE 1 END AS DECIMAL(28,12)) AS x_PartQuantity
  FROM spans JOIN tier_bounds ON x_TierNumber = x_CountedNumber
    AND x_Lower < x_TierTo AND (x_Upper > x_TierFrom OR (x_Counted = 0 AND x_Upper >= x_TierFrom))),
tiered AS (SELECT x_PartRow, x_PartNumber, sum((CAST(x_PartQuantity * "x_RateWhole" AS DECIMAL(38,18)) + x_PartQuantity * "x_RateSix" + CAST(x_PartQuantity * "x_RateTail" AS DECIMAL(38,18)))) AS "x_TierCost",
    CASE WHEN max(x_Counted) < 0 THEN max_by("x_Rate", x_PartPlace) ELSE min_by("x_Rate", x_PartPlace) END AS "x_TierPrice"
  FROM tier_parts GROUP BY x_PartRow, x_PartNumber),
step0 AS (SELECT matched.*, ("ListCost" IS NULL OR ("ListCost" = 0 AND "ContractedCost" IS NOT NULL AND "ContractedCost" <> 0)) AS "x_IsListPriceMissing" FROM matched),
"step1" AS (SELECT "step0".*, "x_RuleNumber" AS "x_Step1Number",
  FALSE AS "x_Step1Missing",
  COALESCE("x_Removes", FALSE) AS "x_Step1Removed",
  COALESCE(FALSE, FALSE) AS "x_Step1IsStandard",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_RuleNumber" ELSE CAST(NULL AS INTEGER) END AS "x_Step1SetBy",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierCost" ELSE "BilledCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1BilledCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierCost" ELSE "EffectiveCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1EffectiveCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierCost" ELSE "ContractedCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ContractedCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "ListCost" * CAST('1' AS DECIMAL(10,6)) ELSE "ListCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ListCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierPrice" ELSE "ContractedUnitPrice" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ContractedUnitPrice",
  CASE WHEN "x_Formula" = 'tiers' THEN "ListUnitPrice" * CAST('1' AS DECIMAL(10,6)) ELSE "ListUnitPrice" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ListUnitPrice"
  FROM "step0" LEFT JOIN terms ON "x_RuleNumber" = "x_TermNumber"
  LEFT JOIN tiered ON "x_Formula" = 'tiers' AND x_PartRow = "x_RowId" AND x_PartNumber = "x_TermNumber")
SELECT "AvailabilityZone",
  "BilledCost",
  "BillingAccountId",
  "BillingAccountName",
  "BillingAccountType",
  "BillingCurrency",
  "BillingPeriodEnd",
  "BillingPeriodStart",
  "CapacityReservationId",
  "CapacityReservationStatus",
  "ChargeCategory",
  "ChargeClass",
  "ChargeDescription",
  "ChargeFrequency",
  "ChargePeriodEnd",
  "ChargePeriodStart",
  "CommitmentDiscountCategory",
  "CommitmentDiscountId",
  "CommitmentDiscountName",
  "CommitmentDiscountQuantity",
  "CommitmentDiscountStatus",
  "CommitmentDiscountType",
  "CommitmentDiscountUnit",
  "ConsumedQuantity",
  "ConsumedUnit",
  "ContractedCost",
  "ContractedUnitPrice",
  "EffectiveCost",
  "InvoiceId",
  "InvoiceIssuerName",
  "ListCost",
  "ListUnitPrice",
  "PricingCategory",
  "PricingCurrency",
  "PricingCurrencyContractedUnitPrice",
  "PricingCurrencyEffectiveCost",
  "PricingCurrencyListUnitPrice",
  "PricingQuantity",
  "PricingUnit",
  "ProviderName",
  "PublisherName",
  "RegionId",
  "RegionName",
  "ResourceId",
  "ResourceName",
  "ResourceType",
  "ServiceCategory",
  "ServiceName",
  "ServiceSubcategory",
  "SkuId",
  "SkuMeter",
  "SkuPriceDetails",
  "SkuPriceId",
  "SubAccountId",
  "SubAccountName",
  "SubAccountType",
  "Tags",
  "x_CloudProvider",
  "x_UsageType",
  "x_Operation",
  "x_InstanceFamily",
  "x_InstanceType",
  "x_CreditType",
  "x_IsMarketplace",
  "x_IsSupport",
  "x_IsDataTransfer",
  "x_ChargeType",
  "x_Owner",
  "x_IntegrationId",
  "x_RowId",
  "x_RuleNumber",
  "x_Step1BilledCost" AS "x_ChargedBilledCost",
  "x_Step1EffectiveCost" AS "x_ChargedEffectiveCost",
  "x_Step1ContractedCost" AS "x_ChargedContractedCost",
  "x_Step1ListCost" AS "x_ChargedListCost",
  "x_Step1ContractedUnitPrice" AS "x_ChargedContractedUnitPrice",
  "x_Step1ListUnitPrice" AS "x_ChargedListUnitPrice",
  "x_Step1Removed" AS "x_Removed",
  "x_Step1IsStandard" AS "x_IsStandardPrice",
  "x_Step1IsStandard" AS "x_HidesCommitment",
  "x_Step1SetBy" AS "x_PriceSetBy"
FROM "step1"

WITH
rules (x_Number, "x_BillingRuleId", "x_BillingRuleVersion", "x_BillingRuleName", "x_BillingRuleType") AS (VALUES
    (0, '', 0, '', ''),
    (1, 'rul_000000000001', 1, 'Rule 1', 'tiered_rate')),
purchases AS (SELECT DISTINCT "x_Owner" AS x_PurchaseOwner, "CommitmentDiscountId" AS x_PurchaseId FROM priced
  WHERE "ChargeCategory" = 'Purchase' AND "CommitmentDiscountId" IS NOT NULL
    AND NOT "x_Removed" AND "x_ChargedBilledCost" <> 0),
terms ("x_TermNumber", "x_Formula", "x_Factor", "x_Removes") AS (VALUES
    (0, '', CAST('1' AS DECIMAL(10,6)), FALSE),
    (1, 'tiers', CAST('0' AS DECIMAL(10,6)), FALSE)),
tier_bounds (x_TierNumber, x_PartPlace, x_TierFrom, x_TierTo, "x_Rate", "x_RateWhole", "x_RateSix", "x_RateTail") AS (VALUES
    (1, 0, CAST('-99999999999999999999999999' AS DECIMAL(38,12)), CAST('700' AS DECIMAL(38,12)), CAST('0.1' AS DECIMAL(38,18)), CAST('0' AS DECIMAL(10,0)), CAST('0.1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(10,10))),
    (1, 1, CAST('700' AS DECIMAL(38,12)), CAST('99999999999999999999999999' AS DECIMAL(38,12)), CAST('0.05' AS DECIMAL(38,18)), CAST('0' AS DECIMAL(10,0)), CAST('0.05' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(10,10)))),
counted AS (SELECT "x_RowId" AS x_PartRow, x_CountedNumber, "PricingQuantity" AS x_Counted,
    sum("PricingQuantity") OVER (PARTITION BY x_CountedNumber, "x_Owner", "BillingPeriodStart", ''
      ORDER BY "ChargePeriodStart", "SubAccountId", "x_RowId" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS x_CountedTo
  FROM (SELECT priced.*, "x_RuleNumber" AS x_CountedNumber FROM priced WHERE "x_RuleNumber" IN (1)) AS counted_rows),
spans AS (SELECT counted.*, CASE WHEN x_Counted < 0 THEN x_CountedTo ELSE x_CountedTo - x_Counted END AS x_Lower,
    CASE WHEN x_Counted < 0 THEN x_CountedTo - x_Counted ELSE x_CountedTo - CAST('0' AS DECIMAL(28,12)) END AS x_Upper FROM counted),
tier_parts AS (SELECT x_PartRow, x_CountedNumber AS x_PartNumber, x_PartPlace, x_Counted, "x_Rate", "x_RateWhole", "x_RateSix", "x_RateTail",
    CAST((CASE WHEN x_Upper < x_TierTo THEN x_Upper ELSE x_TierTo END - CASE WHEN x_Lower > x_TierFrom THEN x_Lower ELSE x_TierFrom END)
      * CASE WHEN x_Counted < 0 THEN -1 ELSE 1 END AS DECIMAL(28,12)) AS x_PartQuantity
  FROM spans JOIN tier_bounds ON x_TierNumber = x_CountedNumber
    AND x_Lower < x_TierTo AND (x_Upper > x_TierFrom OR (x_Counted = 0 AND x_Upper >= x_TierFrom))),
tiered AS (SELECT x_PartRow, x_PartNumber, sum((CAST(x_PartQuantity * "x_RateWhole" AS DECIMAL(38,18)) + x_PartQuantity * "x_RateSix" + CAST(x_PartQuantity * "x_RateTail" AS DECIMAL(38,18)))) AS "x_TierCost",
    CASE WHEN max(x_Counted) < 0 THEN max_by("x_Rate", x_PartPlace) ELSE min_by("x_Rate", x_PartPlace) END AS "x_TierPrice"
  FROM tier_parts GROUP BY x_PartRow, x_PartNumber),
step0 AS (SELECT priced.*, ("ListCost" IS NULL OR ("ListCost" = 0 AND "ContractedCost" IS NOT NULL AND "ContractedCost" <> 0)) AS "x_IsListPriceMissing" FROM priced),
"step1" AS (SELECT "step0".*, "x_RuleNumber" AS "x_Step1Number",
  FALSE AS "x_Step1Missing",
  COALESCE("x_Removes", FALSE) AS "x_Step1Removed",
  COALESCE(FALSE, FALSE) AS "x_Step1IsStandard",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_RuleNumber" ELSE CAST(NULL AS INTEGER) END AS "x_Step1SetBy",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierCost" ELSE "BilledCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1BilledCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierCost" ELSE "EffectiveCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1EffectiveCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierCost" ELSE "ContractedCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ContractedCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "ListCost" * CAST('1' AS DECIMAL(10,6)) ELSE "ListCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ListCost",
  CASE WHEN "x_Formula" = 'tiers' THEN "x_TierPrice" ELSE "ContractedUnitPrice" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ContractedUnitPrice",
  CASE WHEN "x_Formula" = 'tiers' THEN "ListUnitPrice" * CAST('1' AS DECIMAL(10,6)) ELSE "ListUnitPrice" * CAST('1' AS DECIMAL(10,6)) END AS "x_Step1ListUnitPrice"
  FROM "step0" LEFT JOIN terms ON "x_RuleNumber" = "x_TermNumber"
  LEFT JOIN tiered ON "x_Formula" = 'tiers' AND x_PartRow = "x_RowId" AND x_PartNumber = "x_TermNumber")
SELECT "x_RowId" AS "x_RowId", "x_IntegrationId" AS "x_IntegrationId", 'run_1' AS "x_RunId", "BillingCurrency" AS "BillingCurrency", "SubAccountId" AS "SubAccountId", "ServiceName" AS "ServiceName", "ChargeCategory" AS "ChargeCategory", "ChargePeriodStart" AS "ChargePeriodStart", 'rule' AS "x_Stage", "x_BillingRuleId" AS "x_BillingRuleId", "x_BillingRuleVersion" AS "x_BillingRuleVersion", "x_BillingRuleName" AS "x_BillingRuleName", "x_BillingRuleType" AS "x_BillingRuleType", CAST(NULL AS VARCHAR) AS "x_OtherBillingRuleId", TRUE AS "x_Applied", CASE WHEN FALSE THEN 'commitment_charged_twice' WHEN "x_Step1Missing" THEN 'list_price_missing' END AS "x_WarningCode", COALESCE("x_Step1BilledCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("BilledCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_BilledCostDelta", COALESCE("x_Step1EffectiveCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("EffectiveCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_EffectiveCostDelta", COALESCE("x_Step1ListCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("ListCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_ListCostDelta", COALESCE("x_Step1ContractedCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("ContractedCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_ContractedCostDelta", "x_Owner"
FROM "step1"
JOIN rules ON x_Number = "x_Step1Number"
LEFT JOIN purchases ON "CommitmentDiscountStatus" = 'Used'
  AND x_PurchaseOwner = "x_Owner" AND x_PurchaseId = "CommitmentDiscountId"
