import { FOCUS_COLUMNS, type FocusColumn } from '../focus/columns.ts';
import { FILTER_COLUMNS } from '../focus/filter-columns.ts';
import { identifiers } from '../sql/identifiers.ts';

const FOCUS = Object.keys(FOCUS_COLUMNS) as FocusColumn[];

/**
 * The relation `delivered` that rules read, one row per delivered row: FOCUS 1.2 as `SPLIT_COLUMNS` types them, but Tags
 * as MAP(VARCHAR, VARCHAR); our filter columns; the row's owner; where it came from; its id. More columns do no harm.
 */
export const DELIVERED_COLUMNS = [...FOCUS, ...FILTER_COLUMNS, 'x_Owner', 'x_IntegrationId', 'x_RowId'] as const;

/** A column of `delivered`. */
export type DeliveredColumn = (typeof DELIVERED_COLUMNS)[number];

/** Writes a column of `delivered`. */
export const deliveredColumn = identifiers(DELIVERED_COLUMNS);
