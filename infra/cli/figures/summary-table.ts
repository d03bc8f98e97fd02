import { Decimal } from 'decimal.js';
import type { Summary } from './summary.ts';

const Exact = Decimal.clone({ precision: 100 });

/** One line of the table: a customer in one period and currency. */
interface Line {
  readonly owner: string;
  readonly rows: number;
  readonly delivered: Decimal;
  readonly charged: Decimal;
  readonly additions: Decimal;
}

/**
 * The table people read: customer · rows · delivered · charged · additions · margin, per run, and the reconciliation line.
 * Additions are shown with the first run of their period and currency; those without a run have a table of their own.
 */
export function summaryTable({ runs, additions }: Summary): string {
  const left = new Map<string, Additions>(additions.map((one) => [`${one.period} ${one.currency}`, one.customers]));
  const tables = runs.map((run) => {
    const key = `${run.period} ${run.currency}`;
    const lines = linesOf(run, left.get(key) ?? []);
    left.delete(key);
    const title = `${run.period} · ${run.integrationId} · ${run.currency}`;
    return `${title}\n${grid(lines)}\n\n${reconciliation(run)}${warnings(run)}`;
  });
  const others = additions.filter(({ period, currency }) => left.has(`${period} ${currency}`));
  return [
    ...tables,
    ...others.map(
      ({ period, currency, customers }) => `${period} · additions · ${currency}\n${grid(customers.map(additionLine))}`,
    ),
  ].join('\n\n');
}

type Additions = Summary['additions'][number]['customers'];

/** Every customer, then what belongs to none of them. */
function linesOf({ customers, unassigned, partner }: Summary['runs'][number], added: Additions): Line[] {
  const ofCustomers = customers.map(({ name, delivered, charged }) => ({
    owner: name,
    rows: charged.rows,
    delivered: new Exact(delivered.BilledCost),
    charged: new Exact(charged.BilledCost),
    additions: new Exact(added.find((one) => one.name === name)?.BilledCost ?? 0),
  }));
  const ofOthers = Object.entries({ unassigned, partner }).map(([owner, { rows, BilledCost }]) => ({
    owner,
    rows,
    delivered: new Exact(BilledCost),
    charged: new Exact(0),
    additions: new Exact(0),
  }));
  return [...ofCustomers, ...ofOthers];
}

function additionLine({ name, rows, BilledCost }: Additions[number]): Line {
  return { owner: name, rows, delivered: new Exact(0), charged: new Exact(0), additions: new Exact(BilledCost) };
}

const HEADER = ['customer', 'rows', 'delivered', 'charged', 'additions', 'margin'] as const;

/** Money is shown to two decimals here; the exact digits are in the summary and the files. */
function grid(lines: readonly Line[]): string {
  const cells = lines.map((line) => [line.owner, String(line.rows), ...moneyOf(line)]);
  const total = lines.reduce(
    (sum, line) => ({
      owner: 'total',
      rows: sum.rows + line.rows,
      delivered: sum.delivered.plus(line.delivered),
      charged: sum.charged.plus(line.charged),
      additions: sum.additions.plus(line.additions),
    }),
    { owner: 'total', rows: 0, delivered: new Exact(0), charged: new Exact(0), additions: new Exact(0) },
  );
  const rows = [[...HEADER], ...cells, ['total', String(total.rows), ...moneyOf(total)]];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(rows[0] ?? []), rule, ...rows.slice(1, -1).map(line), rule, line(rows.at(-1) ?? [])].join('\n');
}

function moneyOf({ delivered, charged, additions }: Line): string[] {
  const margin = charged.plus(additions).minus(delivered);
  return [delivered, charged, additions, margin].map((amount) => amount.toFixed(2, Decimal.ROUND_HALF_UP));
}

function reconciliation({
  delivered,
  ingestRounding,
  customers,
  unassigned,
  partner,
  reconciled,
  currency,
}: Summary['runs'][number]): string {
  const owned = customers.reduce((sum, one) => sum.plus(one.delivered.BilledCost), new Exact(0));
  const left = new Exact(delivered.BilledCost).minus(ingestRounding.BilledCost).toFixed();
  const right = owned.plus(unassigned.BilledCost).plus(partner.BilledCost).toFixed();
  return (
    `${reconciled ? 'Reconciled to the last digit' : 'NOT reconciled'}: ${delivered.rows} ${delivered.rows === 1 ? 'row' : 'rows'}, BilledCost ` +
    `${left} ${currency} delivered = ${right} ${currency} over all owners (all four costs are checked).`
  );
}

function warnings({ warnings: list }: Summary['runs'][number]): string {
  if (list.length === 0) return '';
  const lines = list.map(({ code, rule, customer, column, rows }) =>
    [
      `  ${code}: ${rows} rows`,
      rule && `rule "${rule}"`,
      customer && `customer ${customer}`,
      column && `column ${column}`,
    ]
      .filter(Boolean)
      .join(', '),
  );
  return `\nWarnings:\n${lines.join('\n')}`;
}
