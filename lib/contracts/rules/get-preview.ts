import { z } from 'zod';
import { PreviewId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { FailedPreview, RulePreview, RunningPreview } from './rule-preview.ts';

/** A preview of many rows: how far it is, or what came of it. Kept for a week. */
export const getPreview = contract({
  operationId: 'getPreview',
  method: 'GET',
  path: '/v1/rules/previews/{previewId}',
  tag: 'Rules',
  summary: 'Get a preview that was made as a job',
  roles: ['partner'],
  params: z.object({ previewId: PreviewId.meta({ description: 'The `id` of the answer with status 202.' }) }),
  status: 200,
  answer: z.discriminatedUnion('status', [RulePreview, RunningPreview, FailedPreview]).meta({ id: 'PreviewJob' }),
  problems: ['not_found'],
});
