import { newEvent } from '../../infra/local/event-bridge/event.ts';
import { landedObjectOf, ObjectCreatedEvent } from '../../lib/pipeline/receive-bill/landed-object.ts';
import { type Bills, type Content, EXPORTS, FILES } from './bills.ts';
import type { World } from './world.ts';

/** A bill that has landed, as whoever delivered it knows it. */
export interface Landing {
  readonly integration: typeof FILES | typeof EXPORTS;
  readonly content: Content;
  readonly deliveryId: string;
  /** Sorts the deliveries of one integration by when their bill was made. */
  readonly order: string;
  /** Keys of its data files. */
  readonly keys: readonly string[];
  readonly isEventLost: boolean;
}

/** Which of the bills there are. */
export interface PlannedContent {
  readonly integration: Landing['integration'];
  readonly content: number;
  /** A bare file of another name than the others have. */
  readonly isSecondFile?: boolean;
}

/** Puts bills into the landing bucket and tells of them, as S3 does: its events come late, twice, or not at all. */
export class Landings {
  readonly all: Landing[] = [];
  readonly #world: World;
  readonly #bills: Bills;
  readonly #told = new Set<Landing>();
  #events = 0;

  constructor(world: World, bills: Bills) {
    this.#world = world;
    this.#bills = bills;
  }

  contentOf({ integration, content, isSecondFile }: PlannedContent): Content {
    const bare = isSecondFile ? this.#bills.secondFiles : this.#bills.files;
    const of = integration === FILES ? bare : this.#bills.exports;
    return of[content] ?? of[0];
  }

  /** Lands a bill. `madeSecondsBefore` is when it was made, as far as its form can say so. */
  land(
    integration: Landing['integration'],
    content: Content,
    { madeSecondsBefore = 1, events = 1 }: { readonly madeSecondsBefore?: number; readonly events?: number } = {},
  ): void {
    if (events > 1) this.#world.occurrences.note('same event five times');
    if (integration === FILES) {
      const [file] = content.files;
      if (file === undefined) return;
      const key = `${FILES}/${file.name}`;
      this.#world.landing.put(key, file.bytes);
      this.#announce({ integration, content, keys: [key], key, madeAt: this.#world.scheduler.now() }, events);
      return;
    }
    const madeAt = new Date(this.#world.scheduler.now() - madeSecondsBefore * 1000).toISOString();
    const number = this.all.filter((landing) => landing.integration === EXPORTS).length;
    const keys = content.files.map(({ name }) => `${EXPORTS}/e/data/BILLING_PERIOD=2025-03/${number}/${name}`);
    for (const [place, { bytes }] of content.files.entries()) this.#world.landing.put(keys[place] ?? '', bytes);
    const key = `${EXPORTS}/e/metadata/BILLING_PERIOD=2025-03/${madeAt}-${number}/e-Manifest.json`;
    const dataFiles = keys.map((name) => `s3://${this.#world.landing.name}/${name}`);
    this.#world.landing.put(key, Buffer.from(JSON.stringify({ dataFiles })));
    this.#announce({ integration, content, keys, key, madeAt: Date.parse(madeAt) }, events);
  }

  /** Whether a delivery is told of while another is being received, or after one that is newer. */
  #noteMeeting(deliveryId: string): void {
    const { occurrences, machines } = this.#world;
    if (machines.running('ReceiveBill').some(({ name }) => name !== deliveryId))
      occurrences.note('two deliveries at once');
    const told = this.all.find((landing) => landing.deliveryId === deliveryId);
    const isOlder = [...this.#told].some(
      (newer) => newer.integration === told?.integration && newer.order > told.order,
    );
    if (isOlder) occurrences.note('older delivery after a newer');
    if (told !== undefined) this.#told.add(told);
  }

  #announce(
    of: Pick<Landing, 'integration' | 'content' | 'keys'> & { readonly key: string; readonly madeAt: number },
    events: number,
  ): void {
    const { world, number } = { world: this.#world, number: this.#events };
    this.#events += 1;
    const info = world.landing.info(of.key);
    const sequencer = number.toString(16).toUpperCase().padStart(16, '0');
    const event = newEvent(
      {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: {
          bucket: { name: world.landing.name },
          object: {
            ...{ key: of.key, size: info?.sizeBytes ?? 0, etag: (info?.etag ?? '').replaceAll('"', ''), sequencer },
            'version-id': info?.versionId,
          },
        },
      },
      { region: 'eu-central-1', accountId: '111122223333', now: world.scheduler.now() },
    );
    const fault = world.faults.find((one) => one.kind === 'object_event' && one.event === number);
    const how = fault?.kind === 'object_event' ? fault.how : undefined;
    if (how !== undefined) world.occurrences.note(`object event ${how}`);
    world.trace(`  ${of.key} lands with ${of.content.name}${how === undefined ? '' : `, its event ${how}`}`);
    const landed = landedObjectOf(ObjectCreatedEvent.parse(event));
    if (landed === undefined) throw new Error(`${of.key} announces nothing`);
    const madeAt = of.integration === FILES ? event.time : new Date(of.madeAt).toISOString();
    this.all.push({
      ...{ integration: of.integration, content: of.content, keys: of.keys, deliveryId: landed.deliveryId },
      order: `${new Date(madeAt).toISOString()}#${sequencer}`,
      isEventLost: how === 'lost',
    });
    if (how === 'lost') return;
    const delay = fault?.kind === 'object_event' && how === 'delayed' ? fault.seconds : 0;
    const copies = how === 'duplicated' ? events + 1 : events;
    for (let copy = 0; copy < copies; copy += 1)
      world.scheduler.after((0.3 + delay + copy * 1.7) * 1000, () => {
        this.#noteMeeting(landed.deliveryId);
        world.events.publish(event);
      });
  }
}
