import type { FunctionName } from '../../lib/names/functions.ts';
import type { Invocation } from './invocation.ts';
import type { MemoryTables } from './memory-table.ts';
import type { Outside } from './ports.ts';
import type { Step } from './steps.ts';

/** How a world differs from the deployed one: bugs that are planted, and nothing else. */
export interface Planted {
  readonly steps?: Readonly<Partial<Record<FunctionName, Step>>>;
  readonly lakeOf?: Outside['lakeOf'];
  readonly tables?: () => MemoryTables;
  readonly freshUuid?: (invocation: Invocation) => string;
}
