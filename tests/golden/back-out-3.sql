WITH
rules (x_Number, "x_BillingRuleId", "x_BillingRuleVersion", "x_BillingRuleName", "x_BillingRuleType") AS (VALUES
    (0, '', 0, '', ''),
    (1, 'rul_000000000001', 1, 'Rule 1', 'back_out')),
purchases AS (SELECT DISTINCT "x_Owner" AS x_PurchaseOwner, "CommitmentDiscountId" AS x_PurchaseId FROM priced
  WHERE "ChargeCategory" = 'Purchase' AND "CommitmentDiscountId" IS NOT NULL
    AND NOT "x_Removed" AND "x_ChargedBilledCost" <> 0)
SELECT "x_RowId" AS "x_RowId", "x_IntegrationId" AS "x_IntegrationId", 'run_1' AS "x_RunId", "BillingCurrency" AS "BillingCurrency", "SubAccountId" AS "SubAccountId", "ServiceName" AS "ServiceName", "ChargeCategory" AS "ChargeCategory", "ChargePeriodStart" AS "ChargePeriodStart", 'rule' AS "x_Stage", "x_BillingRuleId" AS "x_BillingRuleId", "x_BillingRuleVersion" AS "x_BillingRuleVersion", "x_BillingRuleName" AS "x_BillingRuleName", "x_BillingRuleType" AS "x_BillingRuleType", TRUE AS "x_Applied", CASE WHEN x_PurchaseId IS NOT NULL THEN 'commitment_charged_twice' ELSE "x_WarningCode" END AS "x_WarningCode", COALESCE("x_ChargedBilledCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("BilledCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_BilledCostDelta", COALESCE("x_ChargedEffectiveCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("EffectiveCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_EffectiveCostDelta", COALESCE("x_ChargedListCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("ListCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_ListCostDelta", COALESCE("x_ChargedContractedCost", CAST('0' AS DECIMAL(38,18))) - COALESCE("ContractedCost" * CAST('1' AS DECIMAL(10,6)), CAST('0' AS DECIMAL(38,18))) AS "x_ContractedCostDelta", "x_Owner"
FROM priced JOIN rules ON "x_RuleNumber" = x_Number
LEFT JOIN purchases ON "x_IsStandardPrice" AND "CommitmentDiscountStatus" = 'Used'
  AND x_PurchaseOwner = "x_Owner" AND x_PurchaseId = "CommitmentDiscountId"