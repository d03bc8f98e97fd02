import { serveApi } from '../../lib/api/serve-api.ts';
import { apiUseCases } from '../../lib/api/use-cases.ts';
import { apiHandler } from '../api-handler.ts';
import { apiWorld, liveAudit, liveIdentify } from '../live-api.ts';

/** Every route of the HTTP API but the preview. */
export const handler = apiHandler(serveApi(apiUseCases(apiWorld()), liveIdentify(), liveAudit()));
