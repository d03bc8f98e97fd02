/**
 * The catalogue of everything that a user can do wrong or a bill can be: code → typed details. `PROBLEMS` holds for
 * each the HTTP status, the title and what to do next; anything else thrown is our bug.
 */
export interface ProblemDetails {
  /** Request problems. */
  malformed_body: { reason: string };
  invalid_request: { errors: readonly FieldError[] };
  end_before_start: { startDate: string; endDate: string };
  scope_required: Record<never, never>;
  scope_conflict: Record<never, never>;
  currency_required: { currencies: readonly string[] };
  not_found: { what: string; id: string };
  method_not_allowed: { method: string; path: string; allow: string };
  unauthenticated: { reason: string };
  partner_admin_required: Record<never, never>;
  no_role: Record<never, never>;
  precondition_required: Record<never, never>;
  /** `actual` is null where somebody else's change won the race and its version is not known. */
  precondition_failed: { expected: string; actual: string | null };
  customer_name_taken: { name: string };
  integration_exists: { id: string };
  subaccount_linked_elsewhere: { subAccountId: string; owner: string; from: string | null; to: string | null };
  subaccounts_required: Record<never, never>;
  duplicate_subaccount: { subAccountId: string };
  too_many_items: { what: string; most: number; got: number };
  rule_type_immutable: { was: string; now: string };
  nothing_published: { period: string | null };
  conflict: { what: string };
  published_meanwhile: { what: string };
  run_at_work: { runId: string };
  nothing_to_redrive: { status: string };
  nothing_to_release: { status: string };
  newer_delivery_wanted: { deliveryId: string };
  not_an_earlier_run: { runId: string; earlier: readonly string[] };
  period_pinned: { runId: string; since: string };
  period_not_pinned: Record<never, never>;
  /** Delivery and run problems: the delivery or run is quarantined with one of these. */
  unknown_integration: { integrationId: string; key: string };
  unknown_format: { file: string; reason: string };
  manifest_unreadable: { file: string; reason: string };
  manifest_file_missing: { manifest: string; file: string };
  second_bare_file: { file: string; earlierFile: string; period: string };
  file_unreadable: { file: string; reason: string };
  file_too_large: { file: string; sizeBytes: number; mostBytes: number };
  worker_memory_exceeded: { file: string; reason: string };
  too_many_files: { file: string; files: number; most: number };
  too_many_columns: { file: string; columns: number; most: number };
  too_many_sub_accounts: { file: string; subAccounts: number; most: number };
  required_column_missing: { file: string; column: string };
  columns_differ: { file: string; otherFile: string; column: string };
  value_unreadable: { file: string; row: number; column: string; value: string; expected: string };
  file_changed: { file: string };
  shard_too_large: { customer: string; rows: number; most: number };
  not_reconciled: { check: string; owner: string; currency: string; column: string; expected: string; actual: string };
  result_file_changed: { file: string };
  /** Outside gave up for good. */
  worker_failed: { step: string; reason: string };
  query_failed: { step: string; reason: string };
  internal: { reference: string };
}

/** The code of a problem. */
export type ProblemCode = keyof ProblemDetails;

/** One field of a request that is wrong: a JSON pointer, what is wrong, what to write instead. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** What is the same for every problem of a code: its HTTP status, its title, what the user can do. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly next: string;
}

/** A problem as it is stored with a run and shown to people: RFC 9457 members are derived from it. */
export interface StoredProblem {
  readonly code: ProblemCode;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The catalogue: a code without an entry does not compile. */
export const PROBLEMS: { readonly [Code in ProblemCode]: ProblemKind } = {
  malformed_body: { status: 400, title: 'The body is not JSON', next: 'Send a JSON object in UTF-8.' },
  invalid_request: {
    status: 422,
    title: 'The request is not valid',
    next: 'Mend the fields named in errors and send it again.',
  },
  end_before_start: {
    status: 422,
    title: 'The end date is before the start date',
    next: 'Give an endDate on or after startDate, or none.',
  },
  scope_required: {
    status: 422,
    title: 'The rule applies to nobody',
    next: 'Give customers: "all", or a list of at least one customer id.',
  },
  scope_conflict: {
    status: 422,
    title: 'The rule names all customers and some',
    next: 'Give "all" alone, or a list of customer ids without it.',
  },
  currency_required: {
    status: 422,
    title: 'The currency is not clear',
    next: 'Name the currency on the charge, or set the partner’s currency.',
  },
  not_found: { status: 404, title: 'There is no such thing', next: 'Check the id in the list it should be in.' },
  method_not_allowed: {
    status: 405,
    title: 'This path does not know the method',
    next: 'See /v1/openapi.json for the methods of this path.',
  },
  unauthenticated: {
    status: 401,
    title: 'The token does not say who you are',
    next: 'Send an access token of this deployment’s issuer.',
  },
  partner_admin_required: {
    status: 403,
    title: 'Only the partner may do this',
    next: 'Ask the partner’s administrator.',
  },
  no_role: {
    status: 403,
    title: 'Nobody has given you a role here',
    next: 'Ask the partner’s administrator for one.',
  },
  precondition_required: {
    status: 428,
    title: 'The change must name the version it is based on',
    next: 'Send If-Match with the ETag you last read.',
  },
  precondition_failed: {
    status: 412,
    title: 'Somebody changed it first',
    next: 'Read it again, make your change on that, and send its ETag.',
  },
  customer_name_taken: { status: 409, title: 'Another customer has this name', next: 'Choose another name.' },
  integration_exists: {
    status: 409,
    title: 'There is an integration of this id',
    next: 'Choose another id, or use the one that exists.',
  },
  subaccount_linked_elsewhere: {
    status: 409,
    title: 'The sub account has another owner on these days',
    next: 'End the other assignment first, or choose other days.',
  },
  subaccounts_required: {
    status: 422,
    title: 'No sub account is named',
    next: 'Name at least one. To end an ownership, replace the owners of its sub account.',
  },
  duplicate_subaccount: {
    status: 422,
    title: 'The sub account is named twice',
    next: 'Name each sub account once for a range of days.',
  },
  too_many_items: {
    status: 422,
    title: 'Too many items in one request',
    next: 'Send them in several requests, or take others away first.',
  },
  rule_type_immutable: {
    status: 422,
    title: 'A rule keeps its type',
    next: 'Make a new rule of the other type and delete this one.',
  },
  nothing_published: {
    status: 409,
    title: 'No bill is published yet',
    next: 'Deliver a bill and wait for its run to be Published.',
  },
  conflict: { status: 409, title: 'Something else changed at the same time', next: 'Try again.' },
  published_meanwhile: {
    status: 409,
    title: 'Runs were published while it was read',
    next: 'Try again.',
  },
  run_at_work: {
    status: 409,
    title: 'A run is at work on this period',
    next: 'Wait until it has ended; it works on what is wanted now.',
  },
  nothing_to_redrive: {
    status: 409,
    title: 'There is nothing to try again',
    next: 'A run is tried again when it is Failed or Quarantined and its period is not up to date.',
  },
  nothing_to_release: {
    status: 409,
    title: 'The delivery waits for nobody',
    next: 'A delivery is released when it is Held, Quarantined or Failed, or when its last run is.',
  },
  newer_delivery_wanted: {
    status: 409,
    title: 'A newer delivery has taken its place',
    next: 'Nothing to do, or go back to an earlier run with POST /v1/periods/{integrationId}/{period}/rollback.',
  },
  not_an_earlier_run: {
    status: 409,
    title: 'The period cannot go back to this run',
    next: 'Choose one of the runs named in earlier: the last that were published before the one that is.',
  },
  period_pinned: {
    status: 409,
    title: 'The period is pinned to the run the partner went back to',
    next: 'Take the pin away with POST /v1/periods/{integrationId}/{period}/unpin, or deliver a newer bill.',
  },
  period_not_pinned: { status: 409, title: 'The period is not pinned', next: 'Nothing to do.' },
  unknown_integration: {
    status: 422,
    title: 'No integration has this folder',
    next: 'Make the integration with POST /v1/integrations and deliver the file again.',
  },
  unknown_format: {
    status: 422,
    title: 'The file is of no known format',
    next: 'Deliver FOCUS 1.0, 1.2 or 1.3 as .csv, .csv.gz or .parquet.',
  },
  manifest_unreadable: { status: 422, title: 'The manifest cannot be read', next: 'Have the export write it again.' },
  manifest_file_missing: {
    status: 422,
    title: 'The manifest names a file that is not there',
    next: 'Copy the file, then the manifest once more.',
  },
  second_bare_file: {
    status: 409,
    title: 'The period has a delivery under another file name',
    next:
      'Write a _manifest.json that names every file of the period, deliver under the same name to replace it, or ' +
      'release this one with POST /v1/deliveries/{deliveryId}/release if it is the delivery now.',
  },
  file_unreadable: {
    status: 422,
    title: 'The file cannot be read',
    next: 'Have it exported again; compare its size with the source.',
  },
  file_too_large: {
    status: 422,
    title: 'The file is too large for a worker',
    next: 'Export in smaller files, or raise WorkerMemoryMegabytes.',
  },
  worker_memory_exceeded: {
    status: 422,
    title: 'The file needs more memory than a worker has',
    next: 'Export fewer columns, shorter cells or smaller files, or raise WorkerMemoryMegabytes.',
  },
  too_many_files: {
    status: 422,
    title: 'The delivery has too many files',
    next: 'Export in fewer, larger files, or deliver each period by a manifest of its own.',
  },
  too_many_columns: {
    status: 422,
    title: 'The file has too many columns',
    next: 'Leave out of the export what is no column of FOCUS; tags belong into Tags.',
  },
  too_many_sub_accounts: {
    status: 422,
    title: 'The delivery names too many sub accounts',
    next: 'Check that SubAccountId holds accounts, not resources; deliver them in several integrations if it does.',
  },
  required_column_missing: {
    status: 422,
    title: 'A required column is not in the file',
    next: 'Add the column to the export and deliver it again.',
  },
  columns_differ: {
    status: 422,
    title: 'The files of one delivery have different columns',
    next: 'Export all files of a period with one definition.',
  },
  value_unreadable: {
    status: 422,
    title: 'A value is not what its column holds',
    next: 'Mend the cell named here and deliver the file again.',
  },
  file_changed: {
    status: 409,
    title: 'A delivered file changed while it was read',
    next: 'Nothing to do if a newer delivery follows; else deliver it again.',
  },
  shard_too_large: {
    status: 422,
    title: 'One customer’s rows are too many for a worker',
    next: 'Raise WorkerMemoryMegabytes.',
  },
  not_reconciled: {
    status: 500,
    title: 'The result does not add up to what was delivered',
    next: 'Nothing was published. See the runbook, “A run is quarantined”.',
  },
  result_file_changed: {
    status: 500,
    title: 'A result file is not the one that was written',
    next: 'Nothing was published. See the runbook, “A run is quarantined”.',
  },
  worker_failed: { status: 500, title: 'A worker gave up', next: 'See the runbook, “Work in a dead-letter queue”.' },
  query_failed: { status: 500, title: 'A query failed', next: 'See the runbook, “A run failed”.' },
  internal: { status: 500, title: 'Our own fault', next: 'Quote the reference when you report it.' },
};

/** A mistake of the user's or a defect of a bill, never a bug of ours. */
export class Problem<Code extends ProblemCode = ProblemCode> extends Error {
  readonly code: Code;
  readonly details: ProblemDetails[Code];

  constructor(code: Code, details: ProblemDetails[Code]) {
    super(`${PROBLEMS[code].title} (${code}): ${JSON.stringify(details)}`);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  /** The form in which a run, a delivery or a state machine's error carries it. */
  stored(): StoredProblem {
    return { code: this.code, details: { ...this.details } };
  }
}
