/**
 * All a message needs to be decided on, read at the moment it is to leave: the person, what ordered it, the pinned
 * template, the active brand. The queue told ids only.
 */
import type { Brand } from '../config/config.ts';
import type { Channel } from '../events/event.ts';
import { claimKey } from '../events/identifier.ts';
import { Conflict } from '../kernel/errors.ts';
import { chooseChannel, type ChannelChoice, type GateContext } from '../messages/gate.ts';
import type { MessageLog, OutboxItem } from '../messages/message.ts';
import type { Loaded, Ports, StoredRecord } from '../ports.ts';
import { withTold } from '../profile/fold-attributes.ts';
import { loadCampaignOrder, loadJourneyOrder, type Order } from './load-order.ts';

export interface Delivery {
  readonly kind: 'found';
  readonly item: OutboxItem;
  /** The provider spoke of it before it was logged. */
  readonly told?: StoredRecord;
  readonly person: Loaded;
  readonly order: Order;
  readonly channel: Channel;
  readonly brand: Brand;
  /** What the gate looks at, but for the time. */
  readonly gate: Omit<GateContext, 'now'>;
}

export type LoadPorts = Pick<Ports, 'people' | 'settings' | 'secrets'>;

/** Nothing is left to decide: the message is logged, or the person or the run is gone and nothing must be written of it. */
export type Undeliverable = { readonly kind: 'already-logged'; readonly log: MessageLog } | { readonly kind: 'nobody' };

export async function loadDelivery(ports: LoadPorts, item: OutboxItem): Promise<Delivery | Undeliverable> {
  const { people, settings } = ports;
  const seen = await people.load(item.person);
  const stored = await withFactsOfNow(people, seen);
  const family = [stored.id, ...stored.attributes.aliases];
  const told = await people.messageRecord(family, item.orderTime, item.sendKey);
  if (told?.record.log !== undefined) return { kind: 'already-logged', log: told.record.log };
  const order = 'campaign' in item ? await loadCampaignOrder(ports, item, stored) : await loadJourneyOrder(ports, item, stored);
  if (order === undefined) return { kind: 'nobody' };
  const person = { ...stored, attributes: withTold(stored.attributes, order.effects) };
  const { brand } = await settings.config();
  const { channels, template, run } = order;
  const choice = chooseChannel(channels, template, person.attributes);
  return {
    kind: 'found',
    item,
    ...(told === undefined ? {} : { told }),
    person,
    order,
    brand,
    channel: choice.kind === 'channel' ? choice.channel : (channels[0] ?? 'email'),
    gate: {
      brand,
      template,
      choice,
      sendKey: item.sendKey,
      attributes: person.attributes,
      hot: person.hot,
      suppressed: await isSuppressed(ports, choice),
      run,
    },
  };
}

/**
 * One read of facts and hot state together is no snapshot: the facts could be older than an opt-out that the hot state
 * already counts. Read after the hot state whose version the claim expects, they cannot be: whoever opts out later makes
 * the claim fail.
 */
async function withFactsOfNow(people: LoadPorts['people'], seen: Loaded): Promise<Loaded> {
  const now = await people.load(seen.id);
  if (now.id !== seen.id) throw new Conflict('deliver a message: the person was merged meanwhile');
  return { ...seen, attributes: now.attributes };
}

async function isSuppressed({ people, secrets }: LoadPorts, choice: ChannelChoice): Promise<boolean> {
  if (choice.kind === 'none') return false;
  const type = choice.channel === 'email' ? 'email' : 'phone';
  return people.isSuppressed(choice.channel, claimKey(secrets.identifierKey, { type, value: choice.to }));
}
