import type { Clock } from './clock.ts';
import type { History } from './history.ts';
import type { Integrations } from './integrations/integration.ts';
import type { TaskTokens } from './task-tokens.ts';
import type { VariableValues } from './variables.ts';

/** What all states of one execution share. */
export interface ExecutionWorld {
  readonly region: string;
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly input: unknown;
  /** Milliseconds. */
  readonly startedAt: number;
  readonly redriveCount: number;
  /** Milliseconds; undefined where it was never redriven. */
  readonly redrivenAt: number | undefined;
  readonly history: Pick<History, 'append' | 'appendLast' | 'lastId'>;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  readonly integrations: Integrations;
}

/** The element of a Map that an iteration works on, as `$states.context.Map.Item` shows it. */
export interface MapItem {
  readonly Index: number;
  readonly Value: unknown;
}

/** Where an execution is: the state it enters, and with what. */
export interface Position {
  readonly stateName: string;
  readonly input: unknown;
  readonly variables: VariableValues;
}

/** One strand of an execution: the machine itself, an iteration of a Map, a branch of a Parallel. */
export class Branch {
  readonly world: ExecutionWorld;
  /** Aborted when this strand is given up. */
  readonly signal: AbortSignal;
  readonly mapItem: MapItem | undefined;
  /** Called before each state of this strand is entered. */
  readonly onEntering: ((position: Position) => void) | undefined;
  /** Id of the newest event of this strand; 0 before the first, as AWS counts. */
  lastEventId: number;

  constructor(
    world: ExecutionWorld,
    signal: AbortSignal,
    from: {
      readonly mapItem?: MapItem | undefined;
      readonly onEntering?: (position: Position) => void;
      readonly lastEventId?: number;
    } = {},
  ) {
    this.world = world;
    this.signal = signal;
    this.mapItem = from.mapItem;
    this.onEntering = from.onEntering;
    this.lastEventId = from.lastEventId ?? 0;
  }

  /**
   * Appends an event that follows this strand's last one, and answers its id.
   *
   * @throws the signal's reason once the strand is given up: nothing of it is recorded any more.
   */
  record(type: string, details: Readonly<Record<string, unknown>> = {}): number {
    this.signal.throwIfAborted();
    this.lastEventId = this.world.history.append(type, this.lastEventId, details);
    return this.lastEventId;
  }

  /** A strand of its own inside this one, after its newest event. */
  fork(signal: AbortSignal, mapItem: MapItem | undefined = this.mapItem): Branch {
    return new Branch(this.world, signal, { mapItem, lastEventId: this.lastEventId });
  }
}
