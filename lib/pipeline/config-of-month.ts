import type { BillingPeriod } from '../domain/billing-period.ts';
import { FrozenConfig } from '../domain/frozen-config.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { PartnerConfig, PartnerConfigReader } from '../ports/partner-config.ts';

/** What a month is priced with: the latest configuration, or of a closed one that which it was closed with. */
export async function configOfMonth(
  { config, lake }: { config: Pick<PartnerConfigReader, 'read' | 'history'>; lake: Pick<ObjectStore, 'readText'> },
  period: BillingPeriod,
): Promise<PartnerConfig> {
  const closed = (await config.history()).closed?.[period];
  if (closed === undefined) return await config.read();
  return await readFrozenConfig(lake, closed.key);
}

/** A configuration as it was written down when a month was closed, or when it was corrected. */
export async function readFrozenConfig(lake: Pick<ObjectStore, 'readText'>, key: string): Promise<PartnerConfig> {
  const frozen = await lake.readText(key);
  if (frozen === undefined) throw new Error(`${key} is gone: a closed month is priced with it`);
  return FrozenConfig.parse(JSON.parse(frozen.text));
}
