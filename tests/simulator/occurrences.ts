import { FAULT_CLASSES, type FaultClass } from './faults.ts';

/** How often each class of fault has occurred, and at which writes functions have died. */
export class Occurrences {
  readonly classes = new Map<FaultClass, number>(FAULT_CLASSES.map((name) => [name, 0]));
  /** `publish: dynamodb Update` and the like, before and after. */
  readonly crashes = new Map<string, number>();

  note(name: FaultClass): void {
    this.classes.set(name, (this.classes.get(name) ?? 0) + 1);
  }

  noteCrash(place: string): void {
    this.crashes.set(place, (this.crashes.get(place) ?? 0) + 1);
  }

  add({ classes, crashes }: { classes: Iterable<[FaultClass, number]>; crashes: Iterable<[string, number]> }): void {
    for (const [name, count] of classes) this.classes.set(name, (this.classes.get(name) ?? 0) + count);
    for (const [place, count] of crashes) this.crashes.set(place, (this.crashes.get(place) ?? 0) + count);
  }
}
