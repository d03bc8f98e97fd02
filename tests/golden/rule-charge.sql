WITH
subjects AS (SELECT delivered.* FROM delivered),
matched AS (SELECT subjects.*, CASE WHEN "x_Owner" IN ('unassigned', 'partner') THEN CAST(NULL AS INTEGER) ELSE CAST(NULL AS INTEGER) END AS "x_RuleNumber" FROM subjects),
terms ("x_TermNumber", "x_TermType", "x_Factor", "x_Removes") AS (VALUES
    (0, '', CAST('1' AS DECIMAL(10,6)), FALSE)),
chosen AS (SELECT matched.*, "x_TermType", "x_Factor", "x_Removes",
    CASE WHEN "x_TermType" IN ('adjust_to_list') AND ("ListCost" IS NULL OR ("ListCost" = 0 AND "ContractedCost" IS NOT NULL AND "ContractedCost" <> 0)) THEN 'list_price_missing' ELSE "x_TermType" END AS x_Effect
  FROM matched LEFT JOIN terms ON "x_RuleNumber" = "x_TermNumber")
SELECT "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "CapacityReservationId", "CapacityReservationStatus", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType", "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingCurrency", "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags", "x_CloudProvider", "x_UsageType", "x_Operation", "x_InstanceFamily", "x_InstanceType", "x_CreditType", "x_IsMarketplace", "x_IsSupport", "x_IsDataTransfer", "x_ChargeType", "x_Owner", "x_IntegrationId", "x_RowId",
  CASE WHEN x_Effect = 'adjust_to_list' THEN "ListCost" * "x_Factor"
    WHEN x_Effect = 'rerate' THEN "BilledCost" * "x_Factor"
    WHEN x_Effect = 'back_out' THEN CAST('0' AS DECIMAL(38,18)) ELSE "BilledCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_ChargedBilledCost",
  CASE WHEN x_Effect = 'adjust_to_list' THEN "ListCost" * "x_Factor"
    WHEN x_Effect = 'rerate' THEN "EffectiveCost" * "x_Factor"
    WHEN x_Effect = 'back_out' THEN CAST('0' AS DECIMAL(38,18)) ELSE "EffectiveCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_ChargedEffectiveCost",
  CASE WHEN x_Effect = 'adjust_to_list' THEN "ListCost" * "x_Factor"
    WHEN x_Effect = 'rerate' THEN "ContractedCost" * "x_Factor"
    WHEN x_Effect = 'back_out' THEN CAST('0' AS DECIMAL(38,18)) ELSE "ContractedCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_ChargedContractedCost",
  CASE WHEN x_Effect = 'adjust_to_list' THEN "ListCost" * CAST('1' AS DECIMAL(10,6))
    WHEN x_Effect = 'rerate' THEN "ListCost" * CAST('1' AS DECIMAL(10,6))
    WHEN x_Effect = 'back_out' THEN CAST('0' AS DECIMAL(38,18)) ELSE "ListCost" * CAST('1' AS DECIMAL(10,6)) END AS "x_ChargedListCost",
  CASE WHEN x_Effect = 'adjust_to_list' THEN "ListUnitPrice" * "x_Factor"
    WHEN x_Effect = 'rerate' THEN "ContractedUnitPrice" * "x_Factor"
    WHEN x_Effect = 'back_out' THEN "ContractedUnitPrice" * "x_Factor" ELSE "ContractedUnitPrice" * CAST('1' AS DECIMAL(10,6)) END AS "x_ChargedContractedUnitPrice",
  CASE WHEN x_Effect = 'adjust_to_list' THEN "ListUnitPrice" * CAST('1' AS DECIMAL(10,6))
    WHEN x_Effect = 'rerate' THEN "ListUnitPrice" * CAST('1' AS DECIMAL(10,6))
    WHEN x_Effect = 'back_out' THEN "ListUnitPrice" * "x_Factor" ELSE "ListUnitPrice" * CAST('1' AS DECIMAL(10,6)) END AS "x_ChargedListUnitPrice",
  "x_RuleNumber",
  COALESCE("x_Removes", FALSE) AS "x_Removed",
  COALESCE(x_Effect IN ('adjust_to_list'), FALSE) AS "x_IsStandardPrice",
  CASE WHEN x_Effect = 'list_price_missing' THEN x_Effect END AS "x_WarningCode"
FROM chosen

WITH
rules (x_Number, "x_BillingRuleId", "x_BillingRuleVersion", "x_BillingRuleName", "x_BillingRuleType") AS (VALUES
    (0, '', 0, '', '')),
purchases AS (SELECT DISTINCT "x_Owner" AS x_PurchaseOwner, "CommitmentDiscountId" AS x_PurchaseId FROM priced
  WHERE "ChargeCategory" = 'Purchase' AND "CommitmentDiscountId" IS NOT NULL
    AND NOT "x_Removed" AND "x_ChargedBilledCost" <> 0)
SELECT "x_RowId" AS "x_RowId", "x_IntegrationId" AS "x_IntegrationId", 'run_1' AS "x_RunId", "BillingCurrency" AS "BillingCurrency", "SubAccountId" AS "SubAccountId", "ServiceName" AS "ServiceName", "ChargeCategory" AS "ChargeCategory", "ChargePeriodStart" AS "ChargePeriodStart", 'rule' AS "x_Stage", "x_BillingRuleId" AS "x_BillingRuleId", "x_BillingRuleVersion" AS "x_BillingRuleVersion", "x_BillingRuleName" AS "x_BillingRuleName", "x_BillingRuleType" AS "x_BillingRuleType", TRUE AS "x_Applied", CASE WHEN x_PurchaseId IS NOT NULL THEN 'commitment_charged_twice' ELSE "x_WarningCode" END AS "x_WarningCode", COALESCE("x_ChargedBilledCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("BilledCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_BilledCostDelta", COALESCE("x_ChargedEffectiveCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("EffectiveCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_EffectiveCostDelta", COALESCE("x_ChargedListCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("ListCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_ListCostDelta", COALESCE("x_ChargedContractedCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("ContractedCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_ContractedCostDelta", "x_Owner"
FROM priced JOIN rules ON "x_RuleNumber" = x_Number
LEFT JOIN purchases ON "x_IsStandardPrice" AND "CommitmentDiscountStatus" = 'Used'
  AND x_PurchaseOwner = "x_Owner" AND x_PurchaseId = "CommitmentDiscountId"
