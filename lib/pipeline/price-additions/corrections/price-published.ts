import type { Database } from '../../../ports/database.ts';
import type { PartnerConfig } from '../../../ports/partner-config.ts';
import { commitmentPolicies, sharesUnused } from '../../../rules/commitments/commitment-policies.ts';
import {
  COMMITMENT_ROWS_COLUMNS,
  commitmentRowsSelect,
  commitmentSharesSelect,
} from '../../../rules/commitments/commitment-shares.ts';
import { compileRules } from '../../../rules/compile-rules.ts';
import { deliveredColumn as column, DELIVERED_COLUMNS } from '../../../rules/delivered-columns.ts';
import { join, sql } from '../../../sql/sql.ts';
import { showPriced } from '../../priced-relation.ts';
import { momentsOf } from '../../split-bill/owner-lines.ts';
import { ownerResolver } from '../../split-bill/resolve-owners.ts';
import type { LocalFile } from '../fetch-result-files.ts';

/** What decides what rows are charged. */
type Pricing = Pick<PartnerConfig, 'settings' | 'customers' | 'assignments' | 'rules'>;

/**
 * Makes the relation `priced` of a run's published cost ledgers, those of all owners, as a run under this configuration
 * would: whose rows they are, the commitment policies, the rules.
 */
export async function pricePublished(
  database: Database,
  costs: readonly LocalFile[],
  { settings, customers, assignments, rules }: Pricing,
): Promise<void> {
  const files = sql`read_parquet([${costs.map(({ path }) => sql`${path}`)}])`;
  const resolve = ownerResolver(assignments, new Set(customers.map(({ id }) => id)));
  const subAccounts = await database.rows(
    sql`SELECT DISTINCT ${column('SubAccountId')} AS id, ${column('ProviderName')} AS provider FROM ${files} WHERE ${column('SubAccountId')} IS NOT NULL`
      .text,
  );
  const days = subAccounts.flatMap(({ id, provider }) => {
    const subAccount = { SubAccountId: id ?? '', ProviderName: provider ?? null };
    return resolve(subAccount).map(({ owner, from, to }) => {
      const { valid_from, valid_to } = momentsOf({ from, to });
      return sql`(${subAccount.SubAccountId}, ${provider ?? ''}, CAST(${valid_from} AS TIMESTAMP), CAST(${valid_to} AS TIMESTAMP), ${owner})`;
    });
  });
  await database.run(
    'CREATE OR REPLACE TEMP TABLE owner_days (sub_account VARCHAR, provider VARCHAR, valid_from TIMESTAMP, valid_to TIMESTAMP, owner VARCHAR)',
  );
  if (days.length > 0) await database.run(sql`INSERT INTO owner_days VALUES ${join(days)}`.text);
  const stored = DELIVERED_COLUMNS.filter((name) => name !== 'x_Owner').map((name) => sql`costs.${column(name)}`);
  await database.run(
    `CREATE OR REPLACE TEMP VIEW delivered AS ${
      sql`SELECT ${stored}, COALESCE(owner_days.owner, 'unassigned') AS ${column('x_Owner')}
FROM ${files} AS costs LEFT JOIN owner_days
  ON owner_days.sub_account = costs.${column('SubAccountId')} AND owner_days.provider = COALESCE(costs.${column('ProviderName')}, '')
  AND costs.${column('ChargePeriodStart')} >= owner_days.valid_from AND costs.${column('ChargePeriodStart')} < owner_days.valid_to`
        .text
    }`,
  );
  const policies = commitmentPolicies(settings.commitments, customers);
  if (sharesUnused(policies)) {
    await database.run(`CREATE OR REPLACE TEMP TABLE commitment_rows (${COMMITMENT_ROWS_COLUMNS})`);
    await database.run(`INSERT INTO commitment_rows ${commitmentRowsSelect(policies, sql`delivered`)}`);
    await database.run(`CREATE OR REPLACE TEMP TABLE commitment_shares AS ${commitmentSharesSelect()}`);
  }
  const compiled = compileRules(rules, { precedence: settings.precedence, policies, runId: '' });
  await showPriced(database, compiled);
}
