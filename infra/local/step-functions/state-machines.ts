import { randomUUID } from 'node:crypto';
import { checkArn, checkName, type Home, stateMachineArn } from './arns.ts';
import { checkDefinition } from './check-definition.ts';
import type { Clock } from './clock.ts';
import type { MachineDefinition } from './definition.ts';
import type { Integrations } from './integrations/integration.ts';
import type { RecordFiles } from './record-files.ts';
import type { StateMachineRecord } from './records.ts';
import { parseResource } from './resource.ts';
import { ServiceError } from './service-error.ts';

/** What a state machine is made of. */
export interface StateMachineSpec {
  readonly definition: string;
  readonly roleArn: string;
  readonly loggingConfiguration?: unknown;
  readonly tracingConfiguration?: unknown;
}

/** Checking a definition takes tens of milliseconds, so each is checked once, not at every start. */
const PARSED_AT_MOST = 100;

/** The state machines of one stand-in. All throw {ServiceError}s of the service's own names. */
export class StateMachines {
  readonly #files: RecordFiles;
  readonly #home: Home;
  readonly #clock: Clock;
  readonly #integrations: Integrations;
  readonly #byArn: Map<string, StateMachineRecord>;
  readonly #parsed = new Map<string, MachineDefinition>();

  constructor(files: RecordFiles, home: Home, clock: Clock, integrations: Integrations) {
    this.#files = files;
    this.#home = home;
    this.#clock = clock;
    this.#integrations = integrations;
    this.#byArn = new Map(files.stateMachines().map((record) => [record.stateMachineArn, record]));
  }

  /** The same name with the same definition and role again is the same machine; with others it is refused. */
  create(name: string, spec: StateMachineSpec): StateMachineRecord {
    checkName(name);
    this.parse(spec.definition);
    const arn = stateMachineArn(this.#home, name);
    const there = this.#byArn.get(arn);
    if (there !== undefined) {
      if (there.definition === spec.definition && there.roleArn === spec.roleArn) return there;
      throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const now = this.#clock.now();
    return this.#keep({
      stateMachineArn: arn,
      name,
      ...spec,
      revisionId: randomUUID(),
      creationDate: now,
      updateDate: now,
    });
  }

  /** Executions under way keep the definition they were started with. */
  update(
    arn: string,
    change: { readonly [Field in keyof StateMachineSpec]?: StateMachineSpec[Field] | undefined },
  ): StateMachineRecord {
    const there = this.find(arn);
    if (change.definition !== undefined) this.parse(change.definition);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    return this.#keep({ ...there, ...given, revisionId: randomUUID(), updateDate: this.#clock.now() });
  }

  find(arn: string): StateMachineRecord {
    checkArn(arn, 'stateMachine');
    const there = this.#byArn.get(arn);
    if (there === undefined)
      throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return there;
  }

  /** By name. */
  list(): StateMachineRecord[] {
    return [...this.#byArn.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Deleting one that is not there is no error. */
  remove(arn: string): void {
    checkArn(arn, 'stateMachine');
    this.#byArn.delete(arn);
    this.#files.removeStateMachine(arn);
  }

  /** @throws {ServiceError} InvalidDefinition. */
  parse(definition: string): MachineDefinition {
    const known = this.#parsed.get(definition);
    if (known !== undefined) return known;
    const parsed = checkDefinition(definition, (resource) =>
      Object.hasOwn(this.#integrations, parseResource(resource).key),
    );
    if (this.#parsed.size >= PARSED_AT_MOST) this.#parsed.clear();
    this.#parsed.set(definition, parsed);
    return parsed;
  }

  #keep(record: StateMachineRecord): StateMachineRecord {
    this.#files.saveStateMachine(record);
    this.#byArn.set(record.stateMachineArn, record);
    return record;
  }
}
