import type { OperationId } from '../contracts/all-contracts.ts';
import { getAdditions } from './additions/get-additions.ts';
import type { ErasedUseCase } from './answer-request.ts';
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
import { getRule } from './rules/get-rule.ts';
import { listRules } from './rules/list-rules.ts';
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

/** Everything that any use case of the api function needs of the world. */
type World = Parameters<typeof createRule>[0] &
  Parameters<typeof assignSubAccounts>[0] &
  Parameters<typeof createIntegration>[0] &
  Parameters<typeof createCustomer>[0] &
  Parameters<typeof updateSettings>[0] &
  Parameters<typeof putUser>[0] &
  Parameters<typeof listDeliveries>[0] &
  Parameters<typeof getRun>[0] &
  Parameters<typeof redriveRun>[0] &
  Parameters<typeof releaseDelivery>[0] &
  Parameters<typeof rollbackPeriod>[0] &
  Parameters<typeof unpinPeriod>[0] &
  Parameters<typeof closeMonth>[0] &
  Parameters<typeof correctMonth>[0] &
  Parameters<typeof repriceMonth>[0] &
  Parameters<typeof getCosts>[0] &
  Parameters<typeof getAdditions>[0] &
  Parameters<typeof listPeriods>[0] &
  Parameters<typeof explainRow>[0] &
  Parameters<typeof listSubAccounts>[0];

/** Every operation that the api function answers: all but previews, which have a function of their own. */
export function apiUseCases(world: World): Record<Exclude<OperationId, 'previewRule' | 'getPreview'>, ErasedUseCase> {
  return {
    listCustomers: listCustomers(world),
    createCustomer: createCustomer(world),
    getCustomer: getCustomer(world),
    updateCustomer: updateCustomer(world),
    listIntegrations: listIntegrations(world),
    createIntegration: createIntegration(world),
    getIntegration: getIntegration(world),
    listAssignments: listAssignments(world),
    assignSubAccounts: assignSubAccounts(world),
    replaceAssignment: replaceAssignment(world),
    listSubAccounts: listSubAccounts(world),
    listRules: listRules(world),
    createRule: createRule(world),
    reorderRules: reorderRules(world),
    getRule: getRule(world),
    updateRule: updateRule(world),
    deleteRule: deleteRule(world),
    getSettings: getSettings(world),
    updateSettings: updateSettings(world),
    putUser: putUser(world),
    getMe: getMe(),
    listDeliveries: listDeliveries(world),
    getDelivery: getDelivery(world),
    releaseDelivery: releaseDelivery(world),
    listRuns: listRuns(world),
    listPeriods: listPeriods(world),
    rollbackPeriod: rollbackPeriod(world),
    unpinPeriod: unpinPeriod(world),
    closeMonth: closeMonth(world),
    correctMonth: correctMonth(world),
    repriceMonth: repriceMonth(world),
    getRun: getRun(world),
    redriveRun: redriveRun(world),
    getCosts: getCosts(world),
    getAdditions: getAdditions(world),
    explainRow: explainRow(world),
  };
}
