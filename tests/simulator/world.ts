import { GlueCatalog } from '../../infra/local/athena/glue-catalog.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { AthenaEngine } from './athena.ts';
import { type Deployment, functionNamed, variableOf } from './deployment.ts';
import { EventBus } from './event-bus.ts';
import type { Fault, QueueLabel } from './faults.ts';
import { answerOf, deliveredOf, Functions } from './functions.ts';
import { Invocation, type InvocationWorld } from './invocation.ts';
import { Machines } from './machines.ts';
import { MemoryBucket, objectsOf } from './memory-bucket.ts';
import type { MemoryOfStatements } from './memory-of-statements.ts';
import { MemoryTables } from './memory-table.ts';
import { Occurrences } from './occurrences.ts';
import type { Planted } from './planted-bug.ts';
import { type Outside, type Ports, portsOf } from './ports.ts';
import { integrationsOf, Queries } from './queries.ts';
import { Queue } from './queue.ts';
import { Scheduler } from './scheduler.ts';

/** What all worlds of a process share: the template, and what was computed before. */
export interface Workshop {
  readonly deployment: Deployment;
  readonly athena: AthenaEngine;
  readonly statements: (really: Scheduler['really']) => MemoryOfStatements;
  /** A folder of this process. */
  readonly folder: string;
}

const START = Date.parse('2025-04-02T00:00:00Z');

/** One deployment on a virtual clock: everything that the template connects, connected. */
export class World {
  readonly scheduler = new Scheduler(START);
  readonly occurrences = new Occurrences();
  readonly faults: readonly Fault[];
  readonly trace: (line: string) => void;
  readonly tables: MemoryTables;
  readonly landing: MemoryBucket;
  readonly lake: MemoryBucket;
  readonly functions: Functions;
  readonly machines: Machines;
  readonly events: EventBus;
  readonly outside: Outside;
  readonly seed: string;
  readonly #queues: readonly Queue[];
  /** Whether something was under way when the schedule came round, before it did anything itself. */
  wasBusyAtTick = true;

  constructor(
    workshop: Workshop,
    options: {
      readonly seed: string;
      readonly faults: readonly Fault[];
      readonly planted?: Planted;
      readonly trace?: (line: string) => void;
    },
  ) {
    const { deployment } = workshop;
    const { planted = {} } = options;
    this.seed = options.seed;
    this.faults = options.faults;
    this.trace = (line) => options.trace?.(`${new Date(this.scheduler.now()).toISOString().slice(5, 23)} ${line}`);
    const now = () => this.scheduler.now();
    const variable = (name: Parameters<typeof variableOf>[1], of: Parameters<typeof functionNamed>[1] = 'close-run') =>
      variableOf(functionNamed(deployment, of), name);
    this.landing = new MemoryBucket(variable('landingBucket', 'read-manifest'), now, { versioned: true });
    this.lake = new MemoryBucket(variable('lakeBucket'), now);
    this.tables = planted.tables?.() ?? new MemoryTables();
    this.#queues = deployment.queues.map((queue) => new Queue(this.#invocations, queue, labelOf(queue.url)));
    const queries = this.#queriesOf(workshop, variable('databaseName'));
    const send = (queueUrl: string, body: string) => this.queueOf(queueUrl).send(body);
    this.functions = new Functions({
      ...{ deployment, planted, invocations: this.#invocations },
      portsOf: (invocation) => portsOf(this.outside, invocation),
    });
    this.machines = new Machines(this.scheduler, {
      machines: deployment.machines,
      integrations: integrationsOf(this.#invocations, {
        queries,
        send,
        invoke: async ({ functionName, payload }) =>
          answerOf(await this.functions.invoke(functionName, JSON.parse(payload))),
      }),
      onStatusChange: (event) => this.events.executionEnded(event),
    });
    this.outside = {
      tables: this.tables,
      registryTable: variable('registryTable'),
      runsTable: variable('runsTable'),
      auditTable: variable('auditTable', 'api'),
      landing: this.landing,
      lake: this.lake,
      machines: this.machines,
      machineArns: { 'receive-bill': variable('receiveBillArn'), 'split-bill': variable('splitBillArn') },
      engine: queries.engine,
      openDatabase: workshop.statements((act) => this.scheduler.really(act)).openDatabase,
      now,
      queueUrls: {
        intakeQueueUrl: variable('intakeQueueUrl'),
        additionsQueueUrl: variable('additionsQueueUrl'),
        listsQueueUrl: variable('listsQueueUrl', 'api'),
      },
      send,
      lakeOf: planted.lakeOf ?? ((store: ObjectStore) => store),
    };
    this.#connectQueues(deployment);
    this.events = new EventBus(deployment.rules, this.#invocations, {
      deliver: (targetArn, input) => this.#deliver(targetArn, input),
      onTick: () => {
        this.wasBusyAtTick = this.isBusy;
      },
    });
  }

  /** Something that is under way, or on its way: until there is none of it the world is not quiet. */
  get isBusy(): boolean {
    const queued = this.#queues.some((queue) => queue.pending > 0 || queue.onTheirWay > 0);
    return queued || this.functions.isBusy || this.events.onTheirWay > 0 || this.machines.running('').length > 0;
  }

  queueOf(urlOrArn: string): Queue {
    const found = this.#queues.find(({ deployed }) => deployed.url === urlOrArn || deployed.arn === urlOrArn);
    if (found === undefined) throw new Error(`no queue ${urlOrArn}`);
    return found;
  }

  /** Runs code that is no part of the sequence, before it begins: no fault strikes it. */
  async setUp(act: (ports: Ports) => Promise<unknown>): Promise<void> {
    const invocation = new Invocation({ ...this.#invocations, faults: [] }, 'api', -1);
    let isOver = false;
    const outcome = invocation
      .run(60, () => act(portsOf(this.outside, invocation)))
      .finally(() => {
        isOver = true;
      });
    await this.scheduler.run(() => isOver);
    if ((await outcome).kind !== 'answered') throw new Error('the world could not be set up');
  }

  get #invocations(): InvocationWorld {
    const { scheduler, occurrences, faults, seed, trace } = this;
    return { scheduler, occurrences, faults, seed, trace };
  }

  #queriesOf({ deployment, athena, folder }: Workshop, database: string): Queries {
    const { tables, databases } = deployment.catalog;
    const catalog = new GlueCatalog(tables, databases);
    const objects = objectsOf([this.landing, this.lake], `${folder}/objects`);
    return new Queries(this.#invocations, (statement, id) => {
      const now = new Date(this.scheduler.now());
      return athena.do(statement, { id, lake: this.lake.name, objects, catalog, database, now });
    });
  }

  #connectQueues({ mappings }: Deployment): void {
    for (const queue of this.#queues) {
      const { redrive } = queue.deployed;
      if (redrive !== undefined) queue.deadLetters = this.queueOf(redrive.deadLetterArn);
    }
    for (const { queueUrl, functionName, concurrencyMax } of mappings)
      this.queueOf(queueUrl).consumer = {
        concurrencyMax,
        deliver: async (body) => deliveredOf(await this.functions.invoke(functionName, JSON.parse(body))),
      };
  }

  #deliver(targetArn: string, input: string): void {
    if (targetArn.includes(':sqs:')) this.queueOf(targetArn).send(input);
    else if (this.functions.plays(targetArn)) void this.functions.invokeLater(targetArn, JSON.parse(input));
  }
}

function labelOf(url: string): QueueLabel | undefined {
  const [, name] = /Pipeline(Intake|Convert|Price|Additions|Lists)Queue/.exec(url) ?? [];
  return name?.toLowerCase() as QueueLabel | undefined;
}
