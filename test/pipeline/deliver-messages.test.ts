/**
 * A first message that is ready before its person is: what may still be told is asked for once more, a minute later, and
 * that answer is final (promises 2, 3 and 5).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConsentStatement, Envelope } from '../../shared/events/event.ts';
import { minutes, seconds } from '../../shared/kernel/time.ts';
import type { MessageLog } from '../../shared/messages/message.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { deliverMessage } from '../../shared/pipeline/deliver-messages.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import {
  aWorld,
  email,
  envelope,
  noon,
  receiptJourney,
  theOne,
  track,
  user,
  welcomeJourney,
  type TestWorld,
} from './process-events-world.ts';

const ada = user('ada');
const address = email('ada@example.com');
const signsUp = envelope([ada], [track('signs-up', 'Signed Up', noon)]);

/** Who it is, and what the person said to mails. */
const tells = (state: ConsentStatement['state'] | undefined, identifiers = [ada, address]): Envelope =>
  envelope(identifiers, [
    track(
      'tells',
      'Identify',
      noon + 1,
      {},
      state === undefined ? {} : { consent: [{ channel: 'email', state, kind: 'statement' }] },
    ),
  ]);

/** Whatever waits in the outbox, and what became of it. */
async function workOff({ ports, queues }: TestWorld): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const item of queues.takeOutbox('triggered')) outcomes.push(await deliverMessage(ports, item));
  return outcomes;
}

/** As the sweep of each minute does: all that is due by then. */
async function advance(world: TestWorld, by: number): Promise<readonly string[]> {
  world.clock.now += by;
  const due = await world.people.dueTimers(0, world.clock.now, 100);
  for (const timer of due) await advanceJourneys(world.ports, timer);
  return workOff(world);
}

async function logOf(world: TestWorld): Promise<readonly MessageLog[]> {
  const person = await theOne(world, ada);
  return world.people.messages([person.id, ...person.attributes.aliases]);
}

async function told(...envelopes: readonly Envelope[]): Promise<TestWorld> {
  const world = await aWorld([welcomeJourney, receiptJourney()]);
  for (const one of envelopes) await processEnvelope(world.ports, one);
  return world;
}

describe('a welcome that is ready before its person', () => {
  test('leaves a minute later, once, when address and consent are told after the sign-up', async () => {
    const world = await told(signsUp);
    expect(await workOff(world)).toEqual(['later']);
    expect(await logOf(world)).toEqual([]);
    world.clock.now += seconds(2);
    await processEnvelope(world.ports, tells('granted'));
    expect(await advance(world, seconds(58))).toEqual(['sent']);
    expect(await advance(world, minutes(5))).toEqual([]);
    expect(await advance(world, minutes(30))).toEqual([]);
    expect(world.carriers.sent()).toMatchObject([{ to: 'ada@example.com' }]);
  });

  test('leaves when the address was known and only the consent came late', async () => {
    const world = await told(tells(undefined), signsUp);
    expect(await workOff(world)).toEqual(['later']);
    await processEnvelope(world.ports, {
      ...tells('granted'),
      id: 'agrees',
      events: tells('granted').events.map((one) => ({ ...one, id: 'agrees' })),
    });
    expect(await advance(world, minutes(1))).toEqual(['sent']);
  });

  test('says what it waits for in the log of the function, without a name', async () => {
    const world = await told(signsUp);
    await workOff(world);
    expect(world.logged.at(-1)).toMatchObject({ outcome: 'later', ids: { journey: 'bienvenue', because: 'no-address' } });
  });

  test.each([
    ['no address is ever told', [signsUp], 'no-address'],
    ['an address is told, and nothing of consent', [signsUp, tells(undefined)], 'no-consent'],
  ] as const)('is dropped a minute later, once, when %s', async (_when, envelopes, because) => {
    const world = await told(...envelopes);
    expect(await workOff(world)).toEqual(['later']);
    expect(await advance(world, minutes(1))).toEqual(['dropped']);
    expect(await advance(world, minutes(5))).toEqual([]);
    expect(await logOf(world)).toMatchObject([{ at: noon + minutes(1), status: { kind: 'dropped', because } }]);
    expect((await theOne(world, ada)).hot.open).toMatchObject([{ journey: 'bienvenue' }]);
  });

  test('is dropped at once when the person has refused', async () => {
    const world = await told(tells('withdrawn'), signsUp);
    expect(await workOff(world)).toEqual(['dropped']);
    expect(await logOf(world)).toMatchObject([{ at: noon, status: { because: 'no-consent', seen: { state: 'withdrawn' } } }]);
  });

  test('is dropped a minute later when the person refuses meanwhile', async () => {
    const world = await told(signsUp);
    await workOff(world);
    await processEnvelope(world.ports, tells('withdrawn'));
    expect(await advance(world, minutes(1))).toEqual(['dropped']);
    expect(await logOf(world)).toMatchObject([{ status: { because: 'no-consent', seen: { state: 'withdrawn' } } }]);
  });

  test('a receipt waits for its address in the same way', async () => {
    const world = await told(envelope([ada], [track('o', 'Order Completed', noon, { order_id: '7', total: 5 })]));
    expect(await workOff(world)).toEqual(['later']);
    await processEnvelope(world.ports, tells(undefined));
    expect(await advance(world, minutes(1))).toEqual(['sent']);
  });

  test('a later step of the same journey waits for nobody: its answer is final', async () => {
    const world = await told(signsUp);
    await workOff(world);
    await advance(world, minutes(1));
    await advance(world, minutes(5));
    world.clock.now = noon + minutes(3 * 24 * 60);
    expect(await advance(world, minutes(1))).toEqual(['dropped']);
    expect(await logOf(world)).toHaveLength(2);
  });

  test('leaves at most once, and exactly once where it may, however often it is asked for and whatever comes in which order', async () => {
    const happenings = fc.shuffledSubarray(['signs up', 'tells', 'asks', 'asks again', 'minute'] as const, { minLength: 5 });
    await fc.assert(
      fc.asyncProperty(happenings, fc.constantFrom('granted' as const, 'withdrawn' as const, undefined), async (order, state) => {
        const world = await aWorld([welcomeJourney]);
        let minuteAfterStart = false;
        for (const what of order) {
          if (what === 'signs up') await processEnvelope(world.ports, signsUp);
          else if (what === 'tells') await processEnvelope(world.ports, tells(state));
          else if (what === 'minute') await advance(world, minutes(1));
          else await workOff(world);
          minuteAfterStart ||= what === 'minute' && order.indexOf('signs up') < order.indexOf('minute');
        }
        await advance(world, minutes(1));
        await advance(world, minutes(6));
        const wasToldLate = minuteAfterStart && order.indexOf('tells') > order.indexOf('minute');
        expect(world.carriers.sent()).toHaveLength(state === 'granted' && !wasToldLate ? 1 : 0);
        expect(await logOf(world)).toHaveLength(1);
      }),
    );
  });
});

describe('the language of a message', () => {
  const words = (subject: string) => ({ subject, html: '<p>x</p><a href="{{ links.unsubscribe }}">x</a>', text: 'x' });
  const both = { ...welcomeJourney.templates['bienvenue']!, email: { fr: words('Bienvenue'), en: words('Welcome') } };
  const journeys = [{ ...welcomeJourney, templates: { ...welcomeJourney.templates, bienvenue: both } }];
  const inEnglish = { context: { locale: 'en-GB' } };

  test.each([
    ['what the trait says', { locale: 'fr-FR' }, inEnglish, 'Bienvenue'],
    ['what their browser said when they signed up', {}, inEnglish, 'Welcome'],
    ['the brand’s where nobody said', {}, {}, 'Bienvenue'],
  ] as const)('is %s', async (_which, traits, said, subject) => {
    const world = await aWorld(journeys);
    const consent: ConsentStatement = { channel: 'email', state: 'granted', kind: 'statement' };
    const person = track('tells', 'Identify', noon - 1, {}, { traits, consent: [consent] });
    await processEnvelope(world.ports, envelope([ada, address], [person]));
    await processEnvelope(world.ports, envelope([ada], [track('signs-up', 'Signed Up', noon, {}, said)]));
    expect(await workOff(world)).toEqual(['sent']);
    expect(Buffer.from(world.carriers.sent()[0]!.body).toString()).toContain(`Subject: ${subject}`);
  });
});
