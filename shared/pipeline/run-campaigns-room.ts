/**
 * How many more people may be asked for now: what the provider takes within the next hour, less what is on its way to it
 * already, so that no outbox holds what cannot leave soon.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { throttled, underWayIn, type Outbox } from '../campaigns/progress.ts';
import type { Occurrence, PageProgress } from '../campaigns/occurrence.ts';
import type { Channel } from '../events/event.ts';
import type { Instant } from '../kernel/time.ts';
import type { Ports } from '../ports.ts';

type RoomPorts = Pick<Ports, 'queues' | 'campaigns' | 'carriers' | 'clock'>;

export class Room {
  readonly outbox: Outbox;
  readonly #carriers: RoomPorts['carriers'];
  readonly #pages: ReadonlyMap<Occurrence, readonly PageProgress[]>;
  readonly #told = new Map<Channel, number>();
  readonly #taken = new Map<Occurrence, number>();
  #underWay: number;

  private constructor(
    carriers: RoomPorts['carriers'],
    outbox: Outbox,
    pages: ReadonlyMap<Occurrence, readonly PageProgress[]>,
    underWay: number,
  ) {
    this.#carriers = carriers;
    this.outbox = outbox;
    this.#pages = pages;
    this.#underWay = underWay;
  }

  /** Asks nothing of anybody while nothing is under way. */
  static async of({ queues, campaigns, carriers, clock }: RoomPorts, occurrences: readonly Occurrence[]): Promise<Room> {
    const nothing = { waiting: 0, delayed: 0, inWork: 0 };
    if (occurrences.length === 0) return new Room(carriers, nothing, new Map(), 0);
    const outbox = await queues.campaignBacklog();
    const pages = new Map<Occurrence, readonly PageProgress[]>();
    for (const one of occurrences) pages.set(one, await campaigns.progress(one));
    const underWay = [...pages.values()].reduce((sum, one) => sum + underWayIn(one, clock(), outbox), 0);
    return new Room(carriers, outbox, pages, underWay);
  }

  /** As they were when the run began. */
  pagesOf(occurrence: Occurrence): readonly PageProgress[] {
    return this.#pages.get(occurrence) ?? [];
  }

  /** For this occurrence now, through the one of its channels that takes least and the throttle that it asks for. */
  async left(occurrence: Occurrence, { channels, throttle }: Campaign, now: Instant): Promise<number> {
    const share = throttled(throttle, this.pagesOf(occurrence), now, this.outbox) - (this.#taken.get(occurrence) ?? 0);
    if (share < 1) return 0;
    const allowances = await Promise.all(channels.map((channel) => this.#allowance(channel)));
    return Math.max(0, Math.min(share, Math.min(Infinity, ...allowances) - this.#underWay));
  }

  /** Nothing is on its way: more room than there is now will not come by waiting for it. */
  get isEmpty(): boolean {
    return this.#underWay === 0;
  }

  take(occurrence: Occurrence, messages: number): void {
    this.#taken.set(occurrence, (this.#taken.get(occurrence) ?? 0) + messages);
    this.#underWay += messages;
  }

  async #allowance(channel: Channel): Promise<number> {
    const told = this.#told.get(channel) ?? (await this.#carriers.allowance(channel));
    this.#told.set(channel, told);
    return told;
  }
}
