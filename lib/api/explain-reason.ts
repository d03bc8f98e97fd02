import type { Reason } from '../domain/delivery.ts';
import { PROBLEMS } from '../domain/problem.ts';

/** Why something ended as it did, as the API answers it: title and next step come from the catalogue. */
export function explainReason(
  reason: Reason | null,
): { code: string; title: string; detail: string; next: string } | null {
  if (!reason) return null;
  const kind = Object.hasOwn(PROBLEMS, reason.code)
    ? PROBLEMS[reason.code as keyof typeof PROBLEMS]
    : PROBLEMS.internal;
  return { code: reason.code, title: kind.title, detail: describeDetails(reason.details), next: kind.next };
}

/** `file: a.csv, row: 3, column: BilledCost`: the typed details in one line. */
export function describeDetails(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
