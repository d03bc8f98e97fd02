import type { listSubAccounts as contract } from '../../contracts/sub-accounts/list-sub-accounts.ts';
import type { SubAccountRegistry } from '../../ports/sub-account-registry.ts';
import { answerPage } from '../answer-page.ts';
import type { UseCase } from '../use-case.ts';

/** Lists the sub accounts seen in deliveries. */
export const listSubAccounts =
  (deps: { subAccounts: SubAccountRegistry }): UseCase<typeof contract> =>
  async ({ query }) => ({
    body: answerPage(await deps.subAccounts.list(query), (seen) => ({ ...seen, displayName: seen.name ?? seen.id })),
  });
