import { GlueCatalog } from '../../infra/local/athena/glue-catalog.ts';
import type { BusEvent } from '../../infra/local/event-bridge/event.ts';
import { targetInput } from '../../infra/local/event-bridge/target-input.ts';
import { Problem } from '../../lib/domain/problem.ts';
import { ERROR_NAMES } from '../../lib/names/error-names.ts';
import type { FunctionName } from '../../lib/names/functions.ts';
import { databaseMegabytes } from '../../lib/pipeline/worker-memory.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { AthenaEngine } from './athena.ts';
import { type Deployment, functionNamed, variableOf } from './deployment.ts';
import type { Fault, QueueLabel } from './faults.ts';
import { Invocation, type InvocationWorld, type Outcome } from './invocation.ts';
import { Machines } from './machines.ts';
import { MemoryBucket, objectsOf } from './memory-bucket.ts';
import type { MemoryOfStatements } from './memory-of-statements.ts';
import { MemoryTables } from './memory-table.ts';
import { Occurrences } from './occurrences.ts';
import { type Outside, type Ports, portsOf } from './ports.ts';
import { integrationsOf, Queries } from './queries.ts';
import { type Delivered, Queue } from './queue.ts';
import { Scheduler } from './scheduler.ts';
import { STEPS, type Step } from './steps.ts';

/** What all worlds of a process share: the template, and what was computed before. */
export interface Workshop {
  readonly deployment: Deployment;
  readonly athena: AthenaEngine;
  readonly statements: (really: Scheduler['really']) => MemoryOfStatements;
  /** A folder of this process. */
  readonly folder: string;
}

/** How a world differs from the deployed one: bugs that are planted, and nothing else. */
export interface Planted {
  readonly steps?: Readonly<Partial<Record<FunctionName, Step>>>;
  readonly lakeOf?: Outside['lakeOf'];
  readonly tables?: () => MemoryTables;
  readonly freshUuid?: (invocation: Invocation) => string;
}

export const START = Date.parse('2025-04-02T00:00:00Z');
/** An asynchronous call that fails is made again after one minute and after two (Lambda guide). */
const ASYNC_RETRY_SECONDS = [60, 120];

/** One deployment on a virtual clock: everything that the template connects, connected. */
export class World {
  readonly scheduler = new Scheduler(START);
  readonly occurrences = new Occurrences();
  readonly faults: readonly Fault[];
  readonly trace: (line: string) => void;
  readonly tables: MemoryTables;
  readonly landing: MemoryBucket;
  readonly lake: MemoryBucket;
  readonly machines: Machines;
  readonly queues: readonly Queue[];
  readonly outside: Outside;
  readonly deployment: Deployment;
  readonly seed: string;
  readonly #planted: Planted;
  readonly #invoked = new Map<FunctionName, number>();
  #inFlight = 0;
  #endEvents = 0;

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
    this.deployment = deployment;
    this.seed = options.seed;
    this.faults = options.faults;
    this.#planted = options.planted ?? {};
    this.trace = (line) => options.trace?.(`${new Date(this.scheduler.now()).toISOString().slice(5, 23)} ${line}`);
    const now = () => this.scheduler.now();
    const closeRun = functionNamed(deployment, 'close-run');
    const lakeName = variableOf(closeRun, 'lakeBucket');
    this.landing = new MemoryBucket(variableOf(functionNamed(deployment, 'read-manifest'), 'landingBucket'), now, {
      versioned: true,
    });
    this.lake = new MemoryBucket(lakeName, now);
    this.tables = this.#planted.tables?.() ?? new MemoryTables();
    this.queues = deployment.queues.map((queue) => new Queue(this.#invocations, queue, labelOf(queue.url)));
    const objects = objectsOf([this.landing, this.lake], `${workshop.folder}/objects`);
    const catalog = new GlueCatalog(deployment.catalog.tables, deployment.catalog.databases);
    const database = variableOf(closeRun, 'databaseName');
    const queries = new Queries(this.#invocations, (statement, id) =>
      workshop.athena.do(statement, { id, lake: lakeName, objects, catalog, database, now: new Date(now()) }),
    );
    const send = (queueUrl: string, body: string) => this.queueOf(queueUrl).send(body);
    this.machines = new Machines(this.scheduler, {
      machines: deployment.machines,
      integrations: integrationsOf(this.#invocations, {
        queries,
        send,
        invoke: async ({ functionName, payload }) => answerOf(await this.invoke(functionName, JSON.parse(payload))),
      }),
      onStatusChange: (event) => this.#executionEnded(event),
    });
    this.outside = {
      tables: this.tables,
      registryTable: variableOf(closeRun, 'registryTable'),
      runsTable: variableOf(closeRun, 'runsTable'),
      landing: this.landing,
      lake: this.lake,
      machines: this.machines,
      machineArns: {
        'receive-bill': variableOf(closeRun, 'receiveBillArn'),
        'split-bill': variableOf(closeRun, 'splitBillArn'),
      },
      engine: queries.engine,
      openDatabase: workshop.statements((act) => this.scheduler.really(act)).openDatabase,
      now,
      queueUrls: {
        intakeQueueUrl: variableOf(closeRun, 'intakeQueueUrl'),
        additionsQueueUrl: variableOf(closeRun, 'additionsQueueUrl'),
      },
      send,
      lakeOf: this.#planted.lakeOf ?? ((store: ObjectStore) => store),
    };
    this.#connectQueues();
    this.#startSchedules();
  }

  /** Something that is under way, or on its way: until there is none of it the world is not quiet. */
  get isBusy(): boolean {
    const queued = this.queues.some((queue) => queue.pending > 0 || queue.onTheirWay > 0);
    return queued || this.#inFlight > 0 || this.machines.running('').length > 0;
  }

  queueOf(urlOrArn: string): Queue {
    const found = this.queues.find(({ deployed }) => deployed.url === urlOrArn || deployed.arn === urlOrArn);
    if (found === undefined) throw new Error(`no queue ${urlOrArn}`);
    return found;
  }

  /** Gives an event to every rule of the template whose pattern it fits. */
  publishEvent(event: BusEvent): void {
    for (const rule of this.deployment.rules) {
      if (rule.pattern?.(event) !== true) continue;
      for (const target of rule.targets) this.#deliver(target.arn, targetInput(target, event, rule));
    }
  }

  /** Runs a function, by name or ARN, for one event. */
  async invoke(nameOrArn: string, event: unknown): Promise<Outcome> {
    const deployed = this.deployment.functions.find(
      ({ arn, name }) => arn === nameOrArn || arn.endsWith(`:${nameOrArn}`) || name === nameOrArn,
    );
    if (deployed === undefined || !(deployed.name in STEPS)) throw new Error(`${nameOrArn} is not played here`);
    const name = deployed.name as keyof typeof STEPS;
    const step = this.#planted.steps?.[name] ?? STEPS[name];
    return await this.run(name, event, (ports) => step(ports, this.#settings)(event));
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

  /** Runs code as a function of this name, under its time-out and its faults. */
  async run(name: FunctionName, event: unknown, handler: (ports: Ports) => Promise<unknown>): Promise<Outcome> {
    const { timeoutSeconds } = functionNamed(this.deployment, name);
    const number = this.#invoked.get(name) ?? 0;
    this.#invoked.set(name, number + 1);
    const invocation = new Invocation(this.#invocations, name, number);
    const planted = this.#planted.freshUuid;
    const ports = portsOf(this.outside, invocation);
    this.#inFlight += 1;
    this.trace(`> ${invocation.id} ${briefly(event)}`);
    try {
      const outcome = await invocation.run(timeoutSeconds, () =>
        handler(planted ? { ...ports, freshUuid: () => planted(invocation) } : ports),
      );
      this.trace(`< ${invocation.id} ${briefly(outcome.kind === 'threw' ? `${outcome.error}` : outcome)}`);
      return outcome;
    } finally {
      this.#inFlight -= 1;
    }
  }

  get #invocations(): InvocationWorld {
    const { scheduler, occurrences, faults, seed, trace } = this;
    return { scheduler, occurrences, faults, seed, trace };
  }

  get #settings() {
    const worker = functionNamed(this.deployment, 'price-shard');
    return {
      leaseSeconds: Number(variableOf(worker, 'leaseSeconds')),
      memoryMegabytes: databaseMegabytes(Number(variableOf(worker, 'workerMemoryMegabytes'))),
      manifestGraceSeconds: Number(variableOf(functionNamed(this.deployment, 'read-manifest'), 'manifestGraceSeconds')),
    };
  }

  #connectQueues(): void {
    for (const queue of this.queues) {
      const { redrive } = queue.deployed;
      if (redrive !== undefined) queue.deadLetters = this.queueOf(redrive.deadLetterArn);
    }
    for (const { queueUrl, functionName, concurrencyMax } of this.deployment.mappings)
      this.queueOf(queueUrl).consumer = {
        concurrencyMax,
        deliver: async (body) => deliveredOf(await this.invoke(functionName, JSON.parse(body))),
      };
  }

  #startSchedules(): void {
    for (const { schedule, targets } of this.deployment.rules) {
      if (schedule === undefined) continue;
      const next = () => {
        const at = schedule(this.scheduler.now());
        this.scheduler.after(at - this.scheduler.now(), () => {
          this.wasBusyAtTick = this.isBusy;
          for (const { arn } of targets) this.#deliver(arn, JSON.stringify({ 'detail-type': 'Scheduled Event' }));
          this.ticks += 1;
          next();
        });
      };
      next();
    }
  }

  /** How often the schedule has come round. */
  ticks = 0;
  /** Whether something was under way when it came round, before it did anything itself. */
  wasBusyAtTick = true;

  #deliver(targetArn: string, input: string): void {
    if (targetArn.includes(':sqs:')) this.queueOf(targetArn).send(input);
    else void this.#invokeLater(targetArn, JSON.parse(input), 0);
  }

  async #invokeLater(functionArn: string, event: unknown, tries: number): Promise<void> {
    const outcome = await this.invoke(functionArn, event);
    const pause = ASYNC_RETRY_SECONDS[tries];
    if (outcome.kind === 'answered' || pause === undefined) return;
    this.#inFlight += 1;
    this.scheduler.after(pause * 1000, () => {
      this.#inFlight -= 1;
      void this.#invokeLater(functionArn, event, tries + 1);
    });
  }

  #executionEnded(event: BusEvent): void {
    const number = this.#endEvents;
    this.#endEvents += 1;
    const { detail } = event as { detail: { name?: string; status?: string } };
    this.trace(`  execution ${detail.name} is ${detail.status}`);
    const fault = this.faults.find((one) => one.kind === 'end_event' && one.event === number);
    if (fault?.kind === 'end_event') {
      this.trace(`! end event ${fault.how}`);
      this.occurrences.note(`end event ${fault.how}`);
      if (fault.how === 'lost') return;
    }
    const seconds = fault?.kind === 'end_event' ? fault.seconds : 0.5;
    this.#inFlight += 1;
    this.scheduler.after(seconds * 1000, () => {
      this.#inFlight -= 1;
      this.publishEvent(event);
    });
  }
}

function labelOf(url: string): QueueLabel | undefined {
  const [, name] = /Pipeline(Intake|Convert|Price|Additions)Queue/.exec(url) ?? [];
  return name?.toLowerCase() as QueueLabel | undefined;
}

/** As `functions/middleware.ts` lets a Problem leave: an error named `Quarantined` whose message is the problem's JSON. */
function answerOf(outcome: Outcome): { payload: string; functionError?: string } {
  if (outcome.kind === 'answered') return { payload: JSON.stringify(outcome.answer) };
  const functionError = 'Unhandled';
  if (outcome.kind === 'died')
    return { functionError, payload: JSON.stringify({ errorType: outcome.errorType, errorMessage: 'it died' }) };
  const { error } = outcome;
  const told =
    error instanceof Problem
      ? { errorType: ERROR_NAMES.quarantined, errorMessage: JSON.stringify(error.stored()) }
      : { errorType: error.name, errorMessage: error.message };
  return { functionError, payload: JSON.stringify({ ...told, trace: [] }) };
}

/** As the queue handler has it: what throws is given back, what dies comes again when its visibility is over. */
function deliveredOf(outcome: Outcome): Delivered {
  if (outcome.kind === 'answered') return 'done';
  return outcome.kind === 'threw' ? 'given_back' : 'unknown';
}

function briefly(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replaceAll(/"(?:token|id)":"[^"]*",?/g, '').slice(0, 300);
}
