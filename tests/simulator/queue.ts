import { briefly } from './briefly.ts';
import type { DeployedQueue } from './deployment.ts';
import type { QueueLabel } from './faults.ts';
import type { InvocationWorld } from './invocation.ts';
import { chance } from './random.ts';

/** A message that is in a queue. */
interface Message {
  readonly body: string;
  readonly number: number;
  received: number;
}

/** What became of a delivery: the message is done, goes back soon, or stays invisible until its time is over. */
export type Delivered = 'done' | 'given_back' | 'unknown';

/** A message that its consumer gives back is visible again after this (`functions/middleware.ts`). */
const AGAIN_AFTER_SECONDS = 10;

/** SQS with its event-source mapping: at least once, in any order, with visibility, receive counts and a DLQ. */
export class Queue {
  readonly deployed: DeployedQueue;
  readonly label: QueueLabel | undefined;
  readonly #world: InvocationWorld;
  #sent = 0;
  #waiting: Message[] = [];
  #inFlight = 0;
  /** Set once the consumers are there; a queue without one just keeps what it is sent. */
  consumer: { readonly concurrencyMax: number; readonly deliver: (body: string) => Promise<Delivered> } | undefined;
  deadLetters: Queue | undefined;

  constructor(world: InvocationWorld, deployed: DeployedQueue, label: QueueLabel | undefined) {
    this.#world = world;
    this.deployed = deployed;
    this.label = label;
  }

  /** Messages that some consumer still has to look at. */
  get pending(): number {
    return this.consumer === undefined ? 0 : this.#waiting.length + this.#inFlight;
  }

  /** Messages that nobody will look at. */
  get kept(): readonly string[] {
    return this.consumer === undefined ? this.#waiting.map(({ body }) => body) : [];
  }

  send(body: string): void {
    const number = this.#sent;
    this.#sent += 1;
    const { faults, occurrences, scheduler, seed, trace } = this.#world;
    const fault = faults.find((one) => one.kind === 'message' && one.queue === this.label && one.message === number);
    let seconds = 0.02 + 0.5 * chance(seed, this.deployed.url, number);
    if (fault?.kind === 'message') {
      trace(`! message ${fault.how}: ${this.label} ${briefly(body)}`);
      occurrences.note(`message ${fault.how}`);
      if (fault.how === 'lost') return;
      if (fault.how === 'delayed') seconds += fault.seconds;
      else {
        if (this.label === 'price') occurrences.note('two workers on one shard');
        scheduler.after((seconds + fault.seconds) * 1000, () => this.#add({ body, number, received: 0 }));
        this.#expected += 1;
      }
    }
    this.#expected += 1;
    scheduler.after(seconds * 1000, () => this.#add({ body, number, received: 0 }));
  }

  #expected = 0;
  /** Messages that are on their way into the queue. */
  get onTheirWay(): number {
    return this.#expected;
  }

  #add(message: Message): void {
    this.#expected -= 1;
    this.#waiting.push(message);
    this.#poll();
  }

  #poll(): void {
    while (this.consumer !== undefined && this.#inFlight < this.consumer.concurrencyMax) {
      const message = this.#waiting.shift();
      if (message === undefined) return;
      message.received += 1;
      const { redrive, visibilitySeconds } = this.deployed;
      if (redrive !== undefined && message.received > redrive.maxReceiveCount) {
        this.#world.trace(`  ${this.label} gives up ${briefly(message.body)}`);
        this.deadLetters?.send(message.body);
        continue;
      }
      this.#inFlight += 1;
      void this.consumer.deliver(message.body).then((delivered) => {
        this.#inFlight -= 1;
        if (delivered !== 'done') {
          this.#expected += 1;
          const seconds = delivered === 'given_back' ? AGAIN_AFTER_SECONDS : visibilitySeconds;
          this.#world.scheduler.after(seconds * 1000, () => this.#add(message));
        }
        this.#poll();
      });
    }
  }
}
