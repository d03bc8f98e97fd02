import { AthenaProblem } from './athena-problem.ts';

/** What of an `AWS::Athena::WorkGroup` decides about a query. */
export interface AthenaWorkGroup {
  readonly name: string;
  /** `s3://bucket/prefix` for results. */
  readonly outputLocation?: string | undefined;
  /** EnforceWorkGroupConfiguration: a caller's own OutputLocation is ignored. */
  readonly isEnforced?: boolean | undefined;
}

/**
 * Where a query's result goes, with a slash at the end.
 *
 * @throws AthenaProblem when neither the work group nor the caller says so.
 */
export function outputLocationOf(group: AthenaWorkGroup, asked: string | undefined): string {
  const location = group.isEnforced === true ? (group.outputLocation ?? asked) : (asked ?? group.outputLocation);
  if (!location?.startsWith('s3://'))
    throw new AthenaProblem(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  return location.replace(/\/?$/, '/');
}
