import type { previewRule as contract } from '../../contracts/rules/preview-rule.ts';
import type { UseCase } from '../use-case.ts';
import { type PreviewDeps, planPreview, pricePreview } from './price-preview.ts';

/** Says what a change of the rules would do to a published period. */
export const previewRule =
  (deps: PreviewDeps): UseCase<typeof contract> =>
  async ({ body }) => ({ body: await pricePreview(deps, await planPreview(deps, body)) });
