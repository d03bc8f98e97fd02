import type { Assignment } from '../domain/assignment.ts';
import type { ConfigHistory } from '../domain/config-history.ts';
import type { CustomerTenant } from '../domain/customer-tenant.ts';
import type { Integration } from '../domain/integration.ts';
import type { PartnerSettings } from '../domain/settings.ts';
import type { StoredRule } from '../domain/stored-rule.ts';

export type { StoredRule };

/** Everything that decides a price, as one consistent reading; `revision` is what a run records. */
export interface PartnerConfig {
  readonly revision: number;
  readonly settings: PartnerSettings;
  readonly customers: readonly CustomerTenant[];
  readonly assignments: readonly Assignment[];
  /** In order. Disabled rules too. */
  readonly rules: readonly StoredRule[];
}

/** Reads the partner's configuration for a run: strongly consistent, the same revision before and after. */
export interface PartnerConfigReader {
  read(): Promise<PartnerConfig>;
  /** What is raised by every change that can touch a price. */
  revision(): Promise<number>;
  /** The same with what the last changes can touch; one item, whatever there is of rules and customers. */
  history(): Promise<ConfigHistory>;
  findIntegration(id: string): Promise<Integration | undefined>;
}
