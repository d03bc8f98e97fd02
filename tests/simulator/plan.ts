import { EXPORTS, FILES } from './bills.ts';
import { drawFault } from './draw-fault.ts';
import { type Edit, type EditKind, VARIANTS } from './edits.ts';
import type { Fault } from './faults.ts';
import type { PlannedContent } from './landings.ts';
import { Draws } from './random.ts';

/** One bill that lands. */
export interface PlannedDelivery extends PlannedContent {
  readonly atSeconds: number;
  /** How long before its landing the bill was made, by its manifest; a bare file is made when it lands. */
  readonly madeSecondsBefore: number;
  /** How often its event comes. */
  readonly events: number;
}

/** An edit and when it is made. */
interface PlannedEdit {
  readonly edit: Edit;
  readonly atSeconds: number;
}

/** What happens in one sequence, all drawn from its seed: bills, edits, faults. */
export interface Plan {
  readonly seed: number;
  readonly deliveries: readonly PlannedDelivery[];
  readonly edits: readonly PlannedEdit[];
  readonly faults: readonly Fault[];
}

/** Bills land and configuration is edited within this long; a run takes less than a minute. */
const SPAN_SECONDS = 240;
/** Operators act on what has come of it, up to this late. */
const OPERATORS_SPAN_SECONDS = 1500;

/** What changes the configuration, in the shares in which it is edited. */
const CONFIGURATION: readonly [EditKind, ...EditKind[]] = [
  'rules',
  'rules',
  'rules',
  'rule_order',
  'rule_deleted',
  'assignments',
  'assignments',
  'assignments',
  'settings',
  'settings',
];

/** Draws a sequence. */
export function planOf(seed: number): Plan {
  const draws = new Draws(`sequence ${seed}`);
  const deliveries = Array.from({ length: draws.whole(1, 4) }, () => drawDelivery(draws));
  const edits = [...drawEdits(draws), ...drawOperators(draws)];
  const faults = Array.from({ length: draws.whole(1, 5) }, () => drawFault(draws, deliveries.length)).flat();
  return { seed, deliveries, edits, faults };
}

function drawDelivery(draws: Draws): PlannedDelivery {
  const integration = draws.happens(0.5) ? FILES : EXPORTS;
  return {
    integration,
    content: draws.whole(0, integration === FILES ? 2 : 1),
    // Many at the same moment: that is when they meet.
    atSeconds: draws.happens(0.4) ? 5 : draws.whole(1, SPAN_SECONDS),
    madeSecondsBefore: draws.happens(0.4) ? draws.whole(10, 400) : 1,
    events: draws.happens(0.1) ? 5 : 1,
    ...(integration === FILES && draws.happens(0.25) ? { isSecondFile: true } : {}),
  };
}

function edit(draws: Draws, kind: EditKind): Edit {
  return { kind, variant: draws.whole(0, VARIANTS[kind] - 1) };
}

/** Up to four edits of the configuration; now and then two of them at the same moment. */
function drawEdits(draws: Draws): readonly PlannedEdit[] {
  return Array.from({ length: draws.whole(0, 3) }, () => {
    const atSeconds = draws.whole(1, SPAN_SECONDS);
    const one = { edit: edit(draws, draws.one(CONFIGURATION)), atSeconds };
    return draws.happens(0.2) ? [one, { edit: edit(draws, draws.one(CONFIGURATION)), atSeconds }] : [one];
  })
    .flat()
    .slice(0, 4);
}

/** A rollback, which may be taken back; a try again of what has failed or is held. */
function drawOperators(draws: Draws): readonly PlannedEdit[] {
  const edits: PlannedEdit[] = [];
  if (draws.happens(0.3)) {
    const atSeconds = draws.whole(60, 600);
    edits.push({ edit: edit(draws, 'rollback'), atSeconds });
    if (draws.happens(0.5)) edits.push({ edit: edit(draws, 'unpin'), atSeconds: atSeconds + draws.whole(2, 300) });
  }
  for (const kind of ['redrive', 'release'] as const)
    if (draws.happens(0.25))
      edits.push({ edit: edit(draws, kind), atSeconds: draws.whole(30, OPERATORS_SPAN_SECONDS) });
  return edits;
}
