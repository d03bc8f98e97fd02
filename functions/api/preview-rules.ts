import { freshUuid } from '../../lib/adapters/system-clock.ts';
import { getPreview } from '../../lib/api/rules/get-preview.ts';
import { previewRule } from '../../lib/api/rules/preview-rule.ts';
import { serveApi } from '../../lib/api/serve-api.ts';
import { previewIdOf } from '../../lib/domain/new-id.ts';
import { apiHandler } from '../api-handler.ts';
import { previewAsks } from '../live.ts';
import { liveIdentify } from '../live-api.ts';
import { previewWorld } from '../live-previews.ts';

const world = { ...previewWorld(), previewAsks: previewAsks(), newPreviewId: () => previewIdOf(freshUuid()) };

/** Previews of rules: the operations that need DuckDB, and what came of those that were made as a job. */
export const handler = apiHandler(
  serveApi({ previewRule: previewRule(world), getPreview: getPreview(world) }, liveIdentify()),
);
