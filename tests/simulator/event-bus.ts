import type { BusEvent } from '../../infra/local/event-bridge/event.ts';
import { targetInput } from '../../infra/local/event-bridge/target-input.ts';
import type { Deployment } from './deployment.ts';
import type { InvocationWorld } from './invocation.ts';

/** EventBridge: the template's rules and schedules, and the events that executions end with. */
export class EventBus {
  readonly #rules: Deployment['rules'];
  readonly #world: InvocationWorld;
  readonly #deliver: (targetArn: string, input: string) => void;
  #endEvents = 0;
  #onTheirWay = 0;
  #tickedAt = 0;
  /** How often a schedule has come round. */
  ticks = 0;

  constructor(
    rules: Deployment['rules'],
    world: InvocationWorld,
    { deliver, onTick }: { deliver: (targetArn: string, input: string) => void; onTick: () => void },
  ) {
    this.#rules = rules;
    this.#world = world;
    this.#deliver = deliver;
    for (const { schedule, targets } of rules) {
      if (schedule === undefined) continue;
      const { scheduler } = world;
      const next = () => {
        scheduler.after(schedule(scheduler.now()) - scheduler.now(), () => {
          // Several schedules at one instant are one round: what the first has begun is not what was under way before.
          const isFirst = this.#tickedAt !== scheduler.now();
          this.#tickedAt = scheduler.now();
          if (isFirst) onTick();
          for (const { arn } of targets) deliver(arn, JSON.stringify({ 'detail-type': 'Scheduled Event' }));
          if (isFirst) this.ticks += 1;
          next();
        });
      };
      next();
    }
  }

  /** Events that have happened and were not given to anybody yet. */
  get onTheirWay(): number {
    return this.#onTheirWay;
  }

  /** Gives an event to every rule of the template whose pattern it fits. */
  publish(event: BusEvent): void {
    for (const rule of this.#rules) {
      if (rule.pattern?.(event) !== true) continue;
      for (const target of rule.targets) this.#deliver(target.arn, targetInput(target, event, rule));
    }
  }

  /** The event that an execution has ended: half a second later, or as its fault has it. */
  executionEnded(event: BusEvent): void {
    const { faults, occurrences, scheduler, trace } = this.#world;
    const number = this.#endEvents;
    this.#endEvents += 1;
    const { detail } = event as { detail: { name?: string; status?: string } };
    trace(`  execution ${detail.name} is ${detail.status}`);
    const fault = faults.find((one) => one.kind === 'end_event' && one.event === number);
    if (fault?.kind === 'end_event') {
      trace(`! end event ${fault.how}`);
      occurrences.note(`end event ${fault.how}`);
      if (fault.how === 'lost') return;
    }
    const seconds = fault?.kind === 'end_event' ? fault.seconds : 0.5;
    this.#onTheirWay += 1;
    scheduler.after(seconds * 1000, () => {
      this.#onTheirWay -= 1;
      this.publish(event);
    });
  }
}
