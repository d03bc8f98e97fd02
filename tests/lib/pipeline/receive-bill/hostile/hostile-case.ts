import type { ProblemCode } from '../../../../../lib/domain/problem.ts';
import type { DeliveredBill } from '../../../../../lib/sources/delivered-bill.ts';

/** Objects by their key below `acme/`; the last one announces the delivery. */
export type Objects = Readonly<Record<string, string | Buffer>>;

/** How a case ends: refused with these details (`saying` stands in their `reason`), or read for what it is. */
export type End =
  | { readonly refused: ProblemCode; readonly details?: Readonly<Record<string, unknown>>; readonly saying?: string }
  | { readonly reads: Partial<Pick<DeliveredBill, 'periods' | 'currencies'>>; readonly billed?: string };

/** A delivery that does harm, or looks as if it did and is legal. */
export interface HostileCase {
  readonly hostile: string;
  readonly objects: () => Objects | Promise<Objects>;
  readonly end: End;
  /** Under AWS Data Exports' layout instead of bare files and our own manifests. */
  readonly delivery?: 'data_exports';
}

/** One bare file of this name. */
export function oneFile(
  name: string,
  hostile: string,
  body: () => string | Buffer | Promise<Buffer>,
  end: End,
): HostileCase {
  return { hostile, objects: async () => ({ [name]: await body() }), end };
}

/** The value of a cell is refused. */
export function badCell(column: string, value: string, row = 2): End {
  return { refused: 'value_unreadable', details: { file: 'acme/bill.csv', row, column, value } };
}

/** The file is refused as a whole, for a reason that says this. */
export function badFile(saying: string, file = 'acme/bill.csv'): End {
  return { refused: 'file_unreadable', details: { file }, saying };
}

/** It is one row or more of March, and legal. */
export function marchRows(rows: number, billed?: string): End {
  return {
    reads: { periods: [{ period: '2025-03' as DeliveredBill['periods'][number]['period'], rows }] },
    ...(billed === undefined ? {} : { billed }),
  };
}
