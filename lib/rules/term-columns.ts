import { identifiers } from '../sql/identifiers.ts';

const term = identifiers(['x_TermNumber', 'x_TermType', 'x_Factor', 'x_Removes']);

/** Columns of the relation `terms`: what the formulas need of the rule chosen for a row. */
export const TERM = {
  number: term('x_TermNumber'),
  type: term('x_TermType'),
  factor: term('x_Factor'),
  removes: term('x_Removes'),
} as const;
