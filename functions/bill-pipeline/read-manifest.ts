import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbDeliveryStore } from '../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { ENV } from '../../lib/names/environment.ts';
import { readManifest } from '../../lib/pipeline/receive-bill/read-manifest.ts';
import { lake, landing, registryTable, runsTable } from '../live.ts';
import { pipelineHandler } from '../middleware.ts';
import { requireVariable } from '../require-variable.ts';

const world = {
  config: dynamoDbPartnerConfigReader(registryTable()),
  deliveries: dynamoDbDeliveryStore(runsTable()),
  landing: landing(),
  lake: lake(),
  clock: systemClock,
  manifestGraceSeconds: Number(requireVariable(ENV.manifestGraceSeconds)),
};

/** Step ReadManifest of ReceiveBill. */
export const handler = pipelineHandler('ReadManifest', readManifest(world));
