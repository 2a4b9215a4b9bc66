/**
 * Messages by SMS: who gets them, in which words, and what becomes of them when SNS does not answer. SNS never speaks of a text
 * again, so that what its answer leaves open stays open (promises 2, 3 and 5).
 */
import { describe, expect, test } from 'vitest';
import type { JourneyVersion } from '../../shared/config/config.ts';
import type { ConsentStatement, Event } from '../../shared/events/event.ts';
import { claimKey, type Identifier } from '../../shared/events/identifier.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { readUnsubscribeLink } from '../../shared/messages/links.ts';
import type { MessageLog } from '../../shared/messages/message.ts';
import type { Template } from '../../shared/messages/template.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { deliverMessage } from '../../shared/pipeline/deliver-messages.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import {
  aWorld,
  brand,
  email,
  envelope,
  noon,
  receiptJourney,
  theOne,
  track,
  user,
  type TestWorld,
} from './process-events-world.ts';

const ada = user('ada');
const phone: Identifier = { type: 'phone', value: '+33612345678' };
const address = email('ada@example.com');

const receipt = receiptJourney().templates['recu']!;
const sms: NonNullable<Template['sms']> = {
  fr: { text: 'Commande {{ entry.order_id }} : {{ entry.total | money }}.\nMerci {{ person.firstName }} !' },
  en: { text: 'Order {{ entry.order_id }}: {{ entry.total | money }}.\nThank you, {{ person.firstName }}!' },
};

/** A message for every order, by SMS unless something else is said. */
function byOrder(template: Partial<Template> = {}, channels: readonly ('email' | 'sms')[] = ['sms']): JourneyVersion {
  const version = receiptJourney();
  return {
    ...version,
    journey: { ...version.journey, steps: [{ kind: 'send', label: '1', template: 'recu', channels }] },
    templates: { recu: { ...receipt, sms, ...template } },
  };
}

const says = (channel: 'email' | 'sms', state: ConsentStatement['state']): ConsentStatement => ({
  channel,
  state,
  kind: 'statement',
});

interface Told {
  readonly who?: readonly Identifier[];
  readonly consent?: readonly ConsentStatement[];
  readonly traits?: Event['traits'];
}

/** Ada is told of, and orders; what she is sent lies in the outbox. */
async function orders(journey: JourneyVersion, { who = [ada, phone], consent = [], traits = {} }: Told = {}): Promise<TestWorld> {
  const world = await aWorld([journey]);
  await world.settings.publish({
    brand: { ...brand, sender: { ...brand.sender, sms: 'BOUTIQUE' } },
    segments: [],
    journeys: [journey],
    campaigns: [],
  });
  const told = track('tells', 'Identify', noon - 60_000, {}, { consent, traits: { firstName: 'Ada', ...traits } });
  await processEnvelope(world.ports, envelope(who, [told]));
  await processEnvelope(world.ports, envelope([ada], [track('o', 'Order Completed', noon, { order_id: '7', total: 31.9 })]));
  return world;
}

/** What waits in the outbox, and what became of it; what must come back does. */
async function workOff(world: TestWorld): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const item of world.queues.takeOutbox('triggered'))
    outcomes.push(
      await deliverMessage(world.ports, item).catch(async (error: unknown) => {
        if (!(error instanceof Unavailable)) throw error;
        await world.ports.queues.sendOutbox([item], 'triggered');
        return 'again';
      }),
    );
  return outcomes;
}

async function advance(world: TestWorld, by: number): Promise<readonly string[]> {
  world.clock.now += by;
  for (const timer of await world.people.dueTimers(0, world.clock.now, 100)) await advanceJourneys(world.ports, timer);
  return workOff(world);
}

async function logOf(world: TestWorld): Promise<readonly MessageLog[]> {
  const { id, attributes } = await theOne(world, ada);
  return world.people.messages([id, ...attributes.aliases]);
}

const shown = ({ carriers }: TestWorld) =>
  carriers
    .sent()
    .map(({ channel, purpose, from, to, body }) => ({ channel, purpose, from, to, text: Buffer.from(body).toString() }));

describe('an SMS', () => {
  test.each([
    ['in French', {}, 'Commande 7 : 31,90 €.\nMerci Ada !'],
    ['in English to who reads it', { locale: 'en-GB' }, 'Order 7: €31.90.\nThank you, Ada!'],
    ['with signs as they are', { firstName: 'Léa & <Co> ' }, 'Commande 7 : 31,90 €.\nMerci Léa & <Co> !'],
  ] as const)('leaves from the brand to the phone, %s', async (_how, traits, text) => {
    const world = await orders(byOrder(), { traits });
    expect(await workOff(world)).toEqual(['sent']);
    expect(shown(world)).toEqual([{ channel: 'sms', purpose: 'transactional', from: 'BOUTIQUE', to: '+33612345678', text }]);
    expect(await logOf(world)).toMatchObject([{ channel: 'sms', purpose: 'transactional', status: { kind: 'sent' } }]);
    expect(await workOff(world)).toEqual([]);
  });

  test('that is marketing carries a link that takes back the consent to SMS, and to nothing else', async () => {
    const text = 'Des idées : {{ brand.url }}\nStop : {{ links.unsubscribe }}';
    const world = await orders(byOrder({ purpose: 'marketing', sms: { fr: { text } } }), { consent: [says('sms', 'granted')] });
    expect(await workOff(world)).toEqual(['sent']);
    const [left] = shown(world);
    const token = /Stop : \S+\/l\/u\/([\w-]+)$/.exec(left?.text ?? '')?.[1] ?? '';
    expect(readUnsubscribeLink(token, world.ports.secrets.linkKeys)).toMatchObject({ channel: 'sms', cause: 'recu' });
    expect(left?.purpose).toBe('marketing');
  });

  test.each<[string, Told, object]>([
    ['no consent was ever given', {}, { because: 'no-consent', seen: 'never given' }],
    [
      'consent was given to e-mail alone',
      { consent: [says('email', 'granted')] },
      { because: 'no-consent', seen: 'never given' },
    ],
    [
      'consent to SMS was taken back',
      { consent: [says('email', 'granted'), says('sms', 'withdrawn')] },
      { because: 'no-consent', seen: { state: 'withdrawn' } },
    ],
    ['there is no phone', { who: [ada, address], consent: [says('sms', 'granted')] }, { because: 'no-address', seen: ['sms'] }],
    [
      'what was told as phone is none',
      { who: [ada, address], traits: { phone: '0000' }, consent: [says('sms', 'granted')] },
      { because: 'no-address', seen: 'the phone told is no number, or somebody else’s' },
    ],
  ])('that is marketing does not leave when %s, and it is kept why', async (_when, told, status) => {
    const world = await orders(byOrder({ purpose: 'marketing' }), told);
    await workOff(world);
    await advance(world, minutes(1));
    expect(world.carriers.calls()).toBe(0);
    expect(await logOf(world)).toMatchObject([{ channel: 'sms', status: { kind: 'dropped', ...status } }]);
  });

  test('does not go to a number that is suppressed; an e-mail address that is takes nothing from it', async () => {
    for (const [channel, identifier, outcome] of [
      ['sms', phone, 'dropped'],
      ['email', address, 'sent'],
    ] as const) {
      const world = await orders(byOrder(), { who: [ada, phone, address] });
      world.people.suppress(channel, claimKey(world.ports.secrets.identifierKey, identifier));
      expect(await workOff(world)).toEqual([outcome]);
    }
  });

  test('that cannot be made fails with the reason, before anybody is called', async () => {
    for (const [change, because] of [
      [{ sms: { fr: { text: '{{ entry.nothing }}' } } }, 'text: is empty'],
      [{ sms: { fr: { text: '{% for i in (1..900) %}été{% endfor %}' } } }, 'text: is longer than 1600 bytes'],
    ] as const) {
      const world = await orders(byOrder(change));
      expect(await workOff(world)).toEqual(['failed']);
      expect(await logOf(world)).toMatchObject([{ status: { kind: 'failed', because } }]);
      expect(world.carriers.calls()).toBe(0);
    }
    const world = await orders(byOrder());
    await world.settings.publish({ brand, segments: [], journeys: [byOrder()], campaigns: [] });
    expect(await workOff(world)).toEqual(['failed']);
    expect(await logOf(world)).toMatchObject([{ status: { because: 'sender: brand.yaml names none for SMS' } }]);
  });
});

describe('a step with SMS and e-mail takes the first by which the person can be reached', () => {
  test.each([
    ['the phone, where both are known', ['sms', 'email'] as const, [ada, phone, address], 'sms'],
    ['the e-mail, where no phone is known', ['sms', 'email'] as const, [ada, address], 'email'],
    ['the e-mail, where it is named first', ['email', 'sms'] as const, [ada, phone, address], 'email'],
    ['the phone, where no e-mail is known', ['email', 'sms'] as const, [ada, phone], 'sms'],
  ])('%s', async (_which, channels, who, channel) => {
    const consent = [says('email', 'granted'), says('sms', 'granted')];
    const world = await orders(byOrder({ purpose: 'marketing' }, channels), { who, consent });
    expect(await workOff(world)).toEqual(['sent']);
    expect(world.carriers.sent().map((message) => message.channel)).toEqual([channel]);
    expect(await logOf(world)).toMatchObject([{ channel, status: { kind: 'sent' } }]);
  });

  test('and whoever refused SMS is not written to by e-mail instead', async () => {
    const consent = [says('email', 'granted'), says('sms', 'withdrawn')];
    const world = await orders(byOrder({ purpose: 'marketing' }, ['sms', 'email']), { who: [ada, phone, address], consent });
    expect(await workOff(world)).toEqual(['dropped']);
    expect(world.carriers.calls()).toBe(0);
  });
});

describe('SNS does not answer', () => {
  const silence = { kind: 'unknown', because: 'TimeoutError: no answer' } as const;

  test.each([
    ['marketing', { purpose: 'marketing' as const }],
    ['transactional', {}],
  ])('a %s text is unknown at once, and never goes again', async (_purpose, template) => {
    const world = await orders(byOrder(template), { consent: [says('sms', 'granted')] });
    world.carriers.answerNext(silence);
    expect(await workOff(world)).toEqual(['unknown']);
    expect(await logOf(world)).toMatchObject([{ status: silence }]);
    for (const after of [1, 5, 30, 120, 120]) expect(await advance(world, minutes(after))).toEqual([]);
    expect(world.carriers.calls()).toBe(1);
  });

  test('a claim whose sender died ends as unknown, without another call', async () => {
    const world = await orders(byOrder());
    const [item] = world.queues.takeOutbox('triggered');
    const { id, hot } = await theOne(world, ada);
    await world.people.commit(id, { hot: { ...hot, claims: [{ sendKey: item!.sendKey, at: noon }] }, instances: [] });
    await expect(deliverMessage(world.ports, item!)).rejects.toThrow(Unavailable); // it may still live
    world.clock.now += minutes(2);
    expect(await deliverMessage(world.ports, item!)).toBe('unknown');
    expect(world.carriers.calls()).toBe(0);
  });

  test('a text whose template allows it goes again when its sender is surely gone, and once it is taken never more', async () => {
    const world = await orders(byOrder({ repeat: 'allowed' }));
    world.carriers.answerNext(silence);
    expect(await workOff(world)).toEqual(['waiting']);
    expect(await logOf(world)).toEqual([]);
    expect(await advance(world, minutes(1))).toEqual(['again']); // its sender may still live
    world.clock.now += minutes(1);
    expect(await workOff(world)).toEqual(['sent']);
    expect(await logOf(world)).toMatchObject([{ status: { kind: 'sent' } }]);
    for (const after of [5, 30, 120, 120]) await advance(world, minutes(after));
    expect([world.carriers.calls(), world.carriers.sent().length]).toEqual([2, 1]);
  });

  test('a text that never gets an answer is unknown after a day, kept as such, and its run goes on', async () => {
    const world = await orders(byOrder({ repeat: 'allowed' }));
    world.carriers.answerNext(...Array.from({ length: 100 }, () => silence));
    let last = await workOff(world);
    for (let minute = 0; minute < 30 * 60 && !last.includes('unknown'); minute += 2) last = await advance(world, minutes(2));
    expect(last).toEqual(['unknown']);
    expect(await logOf(world)).toMatchObject([{ status: silence }]);
    expect(world.clock.now - noon).toBeGreaterThan(minutes(20 * 60));
    expect(world.carriers.calls()).toBeLessThanOrEqual(15);
    const calls = world.carriers.calls();
    for (const after of [5, 120, 120]) await advance(world, minutes(after));
    expect(world.carriers.calls()).toBe(calls);
    const { id } = await theOne(world, ada);
    const [stored] = await world.people.allInstances([id]);
    expect(stored?.instance).toMatchObject({ state: { kind: 'ended', because: 'completed' } });
    expect(stored?.instance.log.map(({ outcome }) => outcome)).toContain('message unknown');
  });

  test('a text whose template allows it does not go again once the number is suppressed', async () => {
    const world = await orders(byOrder({ repeat: 'allowed' }));
    world.carriers.answerNext(silence);
    await workOff(world);
    world.people.suppress('sms', claimKey(world.ports.secrets.identifierKey, phone));
    await advance(world, minutes(1));
    world.clock.now += minutes(1);
    expect(await workOff(world)).toEqual(['unknown']);
    expect(world.carriers.calls()).toBe(1);
  });
});

describe('SNS answers', () => {
  test('that it is too fast: the text waits in its queue and leaves once', async () => {
    const world = await orders(byOrder());
    world.carriers.answerNext({ kind: 'throttled', because: 'Rate exceeded' });
    expect(await workOff(world)).toEqual(['again']);
    expect((await theOne(world, ada)).hot.claims).toEqual([]);
    expect(await workOff(world)).toEqual(['sent']);
    expect(world.carriers.sent()).toHaveLength(1);
  });

  test('that it refuses: the text has failed, with its reason, for good', async () => {
    const world = await orders(byOrder({ repeat: 'allowed' }));
    world.carriers.answerNext({ kind: 'refused', because: 'OptedOutException: <number> opted out' });
    expect(await workOff(world)).toEqual(['failed']);
    expect(await logOf(world)).toMatchObject([{ status: { kind: 'failed', because: 'OptedOutException: <number> opted out' } }]);
    await advance(world, minutes(5));
    expect(world.carriers.calls()).toBe(1);
  });
});
