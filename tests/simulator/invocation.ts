import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { FunctionName } from '../../lib/names/functions.ts';
import type { Fault, FaultClass, Service } from './faults.ts';
import type { Occurrences } from './occurrences.ts';
import { chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** One call of a function to the outside. */
export interface Call<Result> {
  readonly service: Service;
  /** What is called and on what, the same in every replay. */
  readonly label: string;
  readonly isWrite: boolean;
  readonly act: () => Promise<Result>;
}

/** What an invocation is given of its world. */
export interface InvocationWorld {
  readonly seed: string;
  readonly scheduler: Scheduler;
  readonly faults: readonly Fault[];
  readonly occurrences: Occurrences;
  readonly trace: (line: string) => void;
}

const THROTTLED: Readonly<Record<Service, string>> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  s3: 'SlowDown',
  athena: 'TooManyRequestsException',
  sqs: 'RequestThrottled',
  'step functions': 'ThrottlingException',
};

/** How an invocation came to an end. */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'threw'; readonly error: Error }
  | { readonly kind: 'died'; readonly errorType: 'Runtime.ExitError' | 'Sandbox.Timedout' };

const current = new AsyncLocalStorage<Invocation>();
const real = { setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval };

/** One run of a function: everything it does outside passes through `call`, where faults strike and time passes. */
export class Invocation {
  readonly functionName: FunctionName;
  readonly number: number;
  readonly #world: InvocationWorld;
  readonly #end = Promise.withResolvers<Outcome>();
  readonly #seen = new Map<string, number>();
  readonly #callsOf = new Map<Service, number>();
  #lives = true;
  #calls = 0;
  #writes = 0;
  #uuids = 0;

  constructor(world: InvocationWorld, functionName: FunctionName, number: number) {
    this.#world = world;
    this.functionName = functionName;
    this.number = number;
  }

  get id(): string {
    return `${this.functionName} ${this.number}`;
  }

  /** Runs `handler` until it answers, dies, or its time is up. */
  run(timeoutSeconds: number, handler: () => Promise<unknown>): Promise<Outcome> {
    const cancel = this.#world.scheduler.after(timeoutSeconds * 1000, () => {
      this.#world.occurrences.note('function timed out');
      this.#die('Sandbox.Timedout');
    });
    current.run(this, () => {
      handler().then(
        (answer) => this.#finish({ kind: 'answered', answer: JSON.parse(JSON.stringify(answer ?? null)) }),
        (error: unknown) =>
          this.#finish({ kind: 'threw', error: error instanceof Error ? error : new Error(String(error)) }),
      );
    });
    return this.#end.promise.finally(cancel);
  }

  /** A name that is fresh in this world and the same in every replay. */
  freshUuid(): string {
    this.#uuids += 1;
    const digits = createHash('sha256').update(`${this.id}/${this.#uuids}`).digest('hex');
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      digits.slice(12, 16),
      digits.slice(16, 20),
      digits.slice(20, 32),
    ].join('-');
  }

  /** A call takes some milliseconds; what becomes of it is decided when it arrives. A dead caller hears nothing. */
  call<Result>(call: Call<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (!this.#lives) return;
      const nth = this.#seen.get(call.label) ?? 0;
      this.#seen.set(call.label, nth + 1);
      const milliseconds = 3 + 40 * chance(this.#world.seed, this.id, call.label, nth);
      this.#world.scheduler.after(milliseconds, () => this.#arrive(call, resolve, reject));
    });
  }

  #arrive<Result>(call: Call<Result>, resolve: (result: Result) => void, reject: (error: unknown) => void): void {
    if (!this.#lives) return;
    const { trace, scheduler, occurrences } = this.#world;
    const fault = this.#faultAt(call);
    this.#calls += 1;
    this.#callsOf.set(call.service, (this.#callsOf.get(call.service) ?? 0) + 1);
    if (call.isWrite) this.#writes += 1;
    const answer = () =>
      call.act().then(
        (result) => this.#lives && resolve(result),
        (error: unknown) => this.#lives && reject(error),
      );
    if (fault !== undefined) trace(`! ${this.id} ${JSON.stringify(fault)} at ${call.label}`);
    else if (call.isWrite) trace(`  ${this.id} ${call.label}`);
    switch (fault?.kind) {
      case undefined:
        answer();
        return;
      case 'pause': {
        occurrences.note('function paused');
        scheduler.after(fault.seconds * 1000, () => this.#lives && void answer());
        return;
      }
      case 'call': {
        occurrences.note(classOf(call.service, fault.how));
        const name = fault.how === 'throttled' ? THROTTLED[call.service] : 'ServiceUnavailable';
        const error = Object.assign(new Error(`${call.service} ${fault.how} ${call.label}`), { name });
        const fail = () => {
          if (this.#lives) reject(error);
        };
        if (fault.how === 'answer_lost') call.act().then(fail, fail);
        else fail();
        return;
      }
      case 'worker':
        this.#misbehave(fault.how, call, resolve, reject);
        return;
      case 'crash': {
        const name = {
          before: 'crash before a write',
          after: 'crash after a write',
          later: 'write lands after the crash',
        } as const;
        occurrences.note(name[fault.when]);
        const place = call.label.replaceAll(/[0-9a-f-]{30,}|\d{5,}/g, '…');
        occurrences.noteCrash(`${this.functionName}: ${place} (${fault.when})`);
        if (fault.when === 'after') call.act().catch(() => undefined);
        if (fault.when === 'later') scheduler.after(fault.seconds * 1000, () => void call.act().catch(() => undefined));
        this.#die('Runtime.ExitError');
      }
    }
  }

  #misbehave<Result>(
    how: Extract<Fault, { kind: 'worker' }>['how'],
    call: Call<Result>,
    resolve: (result: Result) => void,
    reject: (error: unknown) => void,
  ): void {
    const { occurrences, scheduler } = this.#world;
    occurrences.note(`worker ${how.replace('_', ' ') as 'throws' | 'hangs' | 'answers late' | 'answers twice'}`);
    if (how === 'throws') reject(new Error('the worker cannot'));
    if (how === 'answers_late') {
      scheduler.after(1_000_000, () => void call.act().catch(() => undefined));
      this.#die('Runtime.ExitError');
    }
    if (how === 'answers_twice') {
      scheduler.after(700, () => void call.act().catch(() => undefined));
      void call.act().then(resolve, reject);
    }
  }

  #faultAt({
    service,
    label,
    isWrite,
  }: Call<unknown>): Extract<Fault, { kind: 'crash' | 'call' | 'pause' | 'worker' }> | undefined {
    for (const fault of this.#world.faults) {
      if (!('in' in fault) || fault.in !== this.functionName || fault.invocation !== this.number) continue;
      if (fault.kind === 'worker') {
        const answers = label.startsWith('answer');
        const strikes = fault.how.startsWith('answers') ? answers && isWrite : this.#calls === 3;
        if (strikes) return fault;
      } else if (fault.kind === 'crash') {
        if (isWrite && this.#writes === fault.call) return fault;
      } else if (fault.kind === 'call') {
        if (fault.service === service && (this.#callsOf.get(service) ?? 0) === fault.call) return fault;
      } else if (this.#calls === fault.call) return fault;
    }
    return undefined;
  }

  #die(errorType: 'Runtime.ExitError' | 'Sandbox.Timedout'): void {
    this.#world.trace(`! ${this.id} ${errorType}`);
    this.#finish({ kind: 'died', errorType });
  }

  #finish(outcome: Outcome): void {
    this.#lives = false;
    this.#end.resolve(outcome);
  }

  /** An interval in virtual time, for as long as this invocation lives. */
  every(milliseconds: number, act: () => void): () => void {
    let cancel = () => {};
    const next = () => {
      cancel = this.#world.scheduler.after(milliseconds, () => {
        if (!this.#lives) return;
        current.run(this, act);
        next();
      });
    };
    next();
    return () => cancel();
  }
}

function classOf(service: Service, how: 'throttled' | 'failed' | 'answer_lost'): FaultClass {
  if (how !== 'answer_lost') return `${service} ${how}`;
  return service === 'athena' ? 'athena failed after writing' : `${service} answer lost`;
}

/** While a world runs, intervals that a step starts are of virtual time: a worker's heartbeats. */
export function withVirtualIntervals<Result>(act: () => Promise<Result>): Promise<Result> {
  const virtual = new Map<object, () => void>();
  globalThis.setInterval = ((handler: () => void, milliseconds: number) => {
    const invocation = current.getStore();
    if (invocation === undefined) return real.setInterval(handler, milliseconds);
    const handle = {};
    virtual.set(handle, invocation.every(milliseconds, handler));
    return handle;
  }) as typeof globalThis.setInterval;
  globalThis.clearInterval = ((handle: object) => {
    const cancel = virtual.get(handle);
    if (cancel === undefined) return real.clearInterval(handle as NodeJS.Timeout);
    virtual.delete(handle);
    cancel();
  }) as typeof globalThis.clearInterval;
  return act().finally(() => Object.assign(globalThis, real));
}
