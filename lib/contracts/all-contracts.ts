import { getAdditions } from './additions/get-additions.ts';
import { assignSubAccounts } from './assignments/assign-sub-accounts.ts';
import { listAssignments } from './assignments/list-assignments.ts';
import { replaceAssignment } from './assignments/replace-assignment.ts';
import { getCosts } from './costs/get-costs.ts';
import { createCustomer } from './customers/create-customer.ts';
import { getCustomer } from './customers/get-customer.ts';
import { listCustomers } from './customers/list-customers.ts';
import { updateCustomer } from './customers/update-customer.ts';
import { getDelivery } from './deliveries/get-delivery.ts';
import { listDeliveries } from './deliveries/list-deliveries.ts';
import { releaseDelivery } from './deliveries/release-delivery.ts';
import { createIntegration } from './integrations/create-integration.ts';
import { getIntegration } from './integrations/get-integration.ts';
import { listIntegrations } from './integrations/list-integrations.ts';
import { closeMonth } from './months/close-month.ts';
import { correctMonth } from './months/correct-month.ts';
import { repriceMonth } from './months/reprice-month.ts';
import { listPeriods } from './periods/list-periods.ts';
import { rollbackPeriod } from './periods/rollback-period.ts';
import { unpinPeriod } from './periods/unpin-period.ts';
import { explainRow } from './rows/explain-row.ts';
import { createRule } from './rules/create-rule.ts';
import { deleteRule } from './rules/delete-rule.ts';
import { getPreview } from './rules/get-preview.ts';
import { getRule } from './rules/get-rule.ts';
import { listRules } from './rules/list-rules.ts';
import { previewRule } from './rules/preview-rule.ts';
import { reorderRules } from './rules/reorder-rules.ts';
import { updateRule } from './rules/update-rule.ts';
import { getRun } from './runs/get-run.ts';
import { listRuns } from './runs/list-runs.ts';
import { redriveRun } from './runs/redrive-run.ts';
import { getSettings } from './settings/get-settings.ts';
import { updateSettings } from './settings/update-settings.ts';
import { listSubAccounts } from './sub-accounts/list-sub-accounts.ts';
import { getMe } from './users/get-me.ts';
import { putUser } from './users/put-user.ts';

/** Every operation of the API by its operationId: the OpenAPI document, the routes and the client are made of this. */
export const CONTRACTS = {
  listCustomers,
  createCustomer,
  getCustomer,
  updateCustomer,
  listIntegrations,
  createIntegration,
  getIntegration,
  listAssignments,
  assignSubAccounts,
  replaceAssignment,
  listSubAccounts,
  listRules,
  createRule,
  reorderRules,
  previewRule,
  getPreview,
  getRule,
  updateRule,
  deleteRule,
  getSettings,
  updateSettings,
  putUser,
  getMe,
  listDeliveries,
  getDelivery,
  releaseDelivery,
  listRuns,
  listPeriods,
  rollbackPeriod,
  unpinPeriod,
  closeMonth,
  correctMonth,
  repriceMonth,
  getRun,
  redriveRun,
  getCosts,
  getAdditions,
  explainRow,
} as const;

/** The name of an operation. */
export type OperationId = keyof typeof CONTRACTS;
