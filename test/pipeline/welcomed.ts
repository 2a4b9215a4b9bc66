/** Somebody who agreed to mails, signed up and was ordered a welcome, in a world in memory whose clock a test moves. */
import { memoryWorld, type MemoryWorld } from '../../shared/adapters/memory/world.ts';
import { readSesFeedback } from '../../shared/channels/ses-feedback.ts';
import { readTags } from '../../shared/channels/tags.ts';
import { checkConfig } from '../../shared/config/check-config.ts';
import type { Config } from '../../shared/config/config.ts';
import { envelopeId, type Event } from '../../shared/events/event.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import type { JourneyItem, OutboxItem } from '../../shared/messages/message.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { deliverMessage, type Delivered } from '../../shared/pipeline/deliver-messages.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { recordFeedback, type Recorded } from '../../shared/pipeline/record-feedback.ts';
import type { AboutMail } from '../channels/ses-told.ts';

export const start = Date.parse('2026-11-23T18:00:00Z');

export type Change = (config: Omit<Config, 'generation'>) => Omit<Config, 'generation'>;

export class Welcomed {
  readonly world: MemoryWorld;
  now = start;
  readonly email: string;
  #item: JourneyItem | undefined;

  private constructor(email: string) {
    this.email = email;
    this.world = memoryWorld({ clock: () => this.now });
  }

  static async open({ email = 'ada@example.com', change = (config) => config }: { email?: string; change?: Change } = {}) {
    const one = new Welcomed(email);
    const checked = await checkConfig('config');
    if (checked.kind === 'bad') throw new Error('the stock config is bad');
    await one.world.settings.publish(change(checked.config));
    await one.tell({ name: 'Identify', consent: [{ channel: 'email', state: 'granted', kind: 'statement' }] });
    await one.tell({ name: 'Signed Up' });
    [one.#item] = one.world.queues.takeOutbox('triggered');
    return one;
  }

  /** The order of the welcome. */
  get item(): JourneyItem {
    if (this.#item === undefined) throw new Error('no welcome was ordered');
    return this.#item;
  }

  /** The mail as SES speaks of it. */
  mail(given: Partial<AboutMail> = {}): AboutMail {
    const { person, sendKey, orderTime } = this.item;
    return { person, sendKey, orderTime, to: this.email, at: this.now, ...given };
  }

  get claim(): string {
    return claimKey(this.world.ports.secrets.identifierKey, { type: 'email', value: this.email });
  }

  async tell(given: Pick<Event, 'name'> & Partial<Event>): Promise<void> {
    const who = { type: 'email', value: this.email } as const;
    const event: Event = {
      id: `${given.name}-${this.now}`,
      type: 'track',
      occurredAt: this.now,
      statedAt: this.now,
      properties: {},
      ...given,
    };
    await processEnvelope(this.world.ports, {
      id: envelopeId('segment', [who], [event]),
      source: 'segment',
      trust: 'server',
      receivedAt: this.now,
      identifiers: [who],
      events: [event],
    });
  }

  deliver(item: OutboxItem = this.item): Promise<Delivered> {
    return deliverMessage(this.world.ports, item);
  }

  feedback(body: string, receiveCount = 1): Promise<Recorded> {
    return recordFeedback(this.world.ports, readSesFeedback(body), receiveCount);
  }

  /** What the queues hold of events is processed. */
  async process(): Promise<number> {
    const envelopes = this.world.queues.takeEvents();
    for (const envelope of envelopes) await processEnvelope(this.world.ports, envelope);
    return envelopes.length;
  }

  /** Every timer that is due, until none is; answers the messages that were ordered again. */
  async fireTimers(): Promise<readonly OutboxItem[]> {
    const { people } = this.world;
    for (const work of await people.dueTimers(0, this.now, 100)) await advanceJourneys(this.world.ports, work);
    return this.world.queues.takeOutbox('triggered');
  }

  async person() {
    return this.world.people.load(this.item.person);
  }

  async message() {
    const { id, attributes } = await this.person();
    const { orderTime, sendKey } = this.item;
    return this.world.people.message([id, ...attributes.aliases], orderTime, sendKey);
  }

  /** Provider ids under which the carrier took it. */
  get sent(): number {
    return this.world.carriers.sent().filter(({ tags }) => readTags(tags)?.sendKey === this.item.sendKey).length;
  }
}
