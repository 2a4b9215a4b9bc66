/** Our own links: only a POST unsubscribes, nobody is sent anywhere we did not sign, and a "no" is never missed. */
import { describe, expect, test } from 'vitest';
import { memorySecrets, memoryWorld } from '../../shared/adapters/memory/world.ts';
import type { Brand } from '../../shared/config/config.ts';
import { consentChange } from '../../shared/consent/consent.ts';
import type { Envelope } from '../../shared/events/event.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { clickUrl, unsubscribeUrl } from '../../shared/messages/links.ts';
import { followLinks, type FollowPorts, type LinkVisit } from '../../shared/pipeline/follow-links.ts';
import { chunkKey } from '../../shared/profile/timeline.ts';
import { aBrand, agreed, aPerson, noon, withdrawn } from '../messages/people.ts';

const claim = {
  person: '01JD0000000000000000000000',
  channel: 'email',
  sendKey: 'AbC_-0123456789x',
  cause: 'bienvenue',
} as const;
const target = 'https://shop.example/p/1?a=1';
const keys = memorySecrets.linkKeys;
const tokenOf = (url: string | undefined) => url?.split('/').at(-1) ?? '';
const unsubscribeToken = tokenOf(unsubscribeUrl('', keys, claim));
const clickToken = tokenOf(clickUrl('', keys, { ...claim, target }));

const liveBrand: Brand = {
  ...aBrand(),
  maturity: 2,
  country: 'FR',
  sender: { name: 'Atelier Éclair', email: 'bonjour@shop.example' },
  paused: false,
};

const seconds = (count: number) => noon + count * 1_000;

/** A world whose clock a test moves, and whose parts it can break. */
function world(broken: Partial<FollowPorts> = {}) {
  let now = noon;
  const memory = memoryWorld({ clock: () => now });
  const ports: FollowPorts = { ...memory.ports, ...broken };
  const visit = (change: Partial<LinkVisit> = {}) =>
    followLinks(ports, { method: 'GET', kind: 'u', token: unsubscribeToken, ahead: false, ...change });
  return {
    ...memory,
    visit,
    post: (change: Partial<LinkVisit> = {}) => visit({ method: 'POST', ...change }),
    click: (change: Partial<LinkVisit> = {}) => visit({ kind: 'c', token: clickToken, ...change }),
    at: (instant: number) => void (now = instant),
    queued: (): readonly Envelope[] => memory.queues.queued().events,
  };
}

const down = (): Promise<never> => Promise.reject(new Unavailable('the queue is down'));
const brokenQueues: FollowPorts['queues'] = { sendEvents: down, sendWork: down, sendOutbox: down, workBacklog: down };

describe('GET of an unsubscribe link', () => {
  test.each(['GET', 'HEAD'])('asks, under the name of the brand, and changes nothing: %s', async (method) => {
    const { visit, queued, settings } = world();
    await settings.publish({ brand: liveBrand, segments: [], journeys: [], campaigns: [] });
    expect(await visit({ method })).toEqual({ kind: 'confirm', channel: 'email', brand: 'Atelier Éclair' });
    expect(queued()).toEqual([]);
  });

  test('shows the page without the name when the config cannot be read', async () => {
    const { visit, logged } = world();
    expect(await visit()).toEqual({ kind: 'confirm', channel: 'email', brand: '' });
    expect(logged).toMatchObject([{ level: 'warn', outcome: 'unsubscribe page without brand' }]);
  });
});

describe('POST of an unsubscribe link', () => {
  test('queues the withdrawal of the channel, in the name of the person', async () => {
    const { post, queued } = world();
    expect(await post()).toEqual({ kind: 'unsubscribed', channel: 'email' });
    expect(queued()).toMatchObject([
      {
        source: 'relance',
        trust: 'server',
        personId: claim.person,
        identifiers: [],
        receivedAt: noon,
        events: [
          {
            name: 'Unsubscribed',
            type: 'track',
            occurredAt: noon,
            properties: { email_id: claim.sendKey, campaign_name: 'bienvenue', channel: 'email' },
            consent: [{ channel: 'email', state: 'withdrawn', kind: 'statement', source: 'unsubscribe link' }],
          },
        ],
      },
    ]);
  });

  test('is not answered before the queue has it', async () => {
    await expect(world({ queues: brokenQueues }).post()).rejects.toThrow(Unavailable);
  });

  test('is answered also for a person who is no more', async () => {
    const gone = tokenOf(unsubscribeUrl('', keys, { ...claim, person: '01JD0000000000000000000009' }));
    expect(await world().post({ token: gone })).toEqual({ kind: 'unsubscribed', channel: 'email' });
  });

  test('works when the person cannot be read', async () => {
    const memory = memoryWorld({ clock: () => noon });
    const people = Object.assign(Object.create(memory.people) as typeof memory.people, { load: down });
    const { post, queued } = world({ people });
    expect(await post()).toEqual({ kind: 'unsubscribed', channel: 'email' });
    expect(queued()).toHaveLength(1);
  });

  test('writes no address and no token into the log', async () => {
    const { post, click, logged } = world();
    await post();
    await click();
    expect(JSON.stringify(logged)).not.toMatch(/@|shop\.example/);
    expect(JSON.stringify(logged)).not.toContain(unsubscribeToken);
  });
});

describe('the same mail twice', () => {
  const posts = async (...instants: readonly number[]) => {
    const { post, at, queued } = world();
    for (const instant of instants) {
      at(instant);
      await post();
    }
    return queued();
  };

  test('within a minute is one event in one envelope and one chunk of the timeline', async () => {
    const envelopes = await posts(seconds(0), seconds(1), seconds(59));
    expect(new Set(envelopes.map(({ id }) => id)).size).toBe(1);
    expect(new Set(envelopes.map(({ events }) => events[0]?.id)).size).toBe(1);
    expect(new Set(envelopes.map(chunkKey)).size).toBe(1);
  });

  test('later is a second "no", because the person may have come back in between', async () => {
    const envelopes = await posts(seconds(0), seconds(60), seconds(86_400 * 365));
    expect(new Set(envelopes.map(({ id }) => id)).size).toBe(3);
  });

  test('within a minute, with an opt-in between, is two', async () => {
    const { post, at, queued, people } = world();
    await people.saveAttributes(claim.person, aPerson());
    await post();
    const { attributes } = await people.load(claim.person);
    const back = await people.saveAttributes(claim.person, {
      ...attributes,
      consents: { 'email.marketing': { ...agreed, at: seconds(10) } },
    });
    at(seconds(20));
    await post();
    await post();
    const [first, second, third] = queued();
    expect(second?.id).not.toBe(first?.id);
    expect(third?.id).toBe(second?.id);

    const [statement] = second?.events[0]?.consent ?? [];
    expect(statement).toBeDefined();
    const context = { occurredAt: seconds(20), source: 'relance', trust: 'server', mayWrite: true } as const;
    expect(statement && consentChange(back.consents, statement, context)?.state).toMatchObject({
      state: 'withdrawn',
      at: seconds(20),
    });
  });

  test('within a minute, after the first was processed, is still one', async () => {
    const { post, queued, people } = world();
    const stored = await people.saveAttributes(claim.person, aPerson());
    await post();
    await people.saveAttributes(claim.person, { ...stored, consents: { 'email.marketing': { ...withdrawn, at: noon } } });
    await post();
    expect(new Set(queued().map(({ id }) => id)).size).toBe(1);
  });

  test('two mails of one person, and one mail of two people, are different acts', async () => {
    const { post, queued } = world();
    await post();
    await post({ token: tokenOf(unsubscribeUrl('', keys, { ...claim, sendKey: 'another' })) });
    await post({ token: tokenOf(unsubscribeUrl('', keys, { ...claim, person: 'another' })) });
    expect(new Set(queued().map(({ id }) => id)).size).toBe(3);
  });
});

describe('a click', () => {
  test('leads to the signed target and is an event of the person', async () => {
    const { click, queued } = world();
    expect(await click()).toEqual({ kind: 'redirect', to: target });
    expect(queued()).toMatchObject([
      {
        trust: 'server',
        personId: claim.person,
        events: [{ name: 'Email Link Clicked', occurredAt: noon, properties: { email_id: claim.sendKey, link_url: target } }],
      },
    ]);
    expect(queued()[0]?.events[0]).not.toHaveProperty('consent');
  });

  test('leads on when it cannot be recorded, and says so in the log', async () => {
    const { click, logged } = world({ queues: brokenQueues });
    expect(await click()).toEqual({ kind: 'redirect', to: target });
    expect(logged).toMatchObject([{ level: 'warn', outcome: 'click not recorded', ids: { error: 'Unavailable' } }]);
  });

  test.each([
    ['HEAD', { method: 'HEAD' }],
    ['looking ahead', { ahead: true }],
  ])('is not one when a machine only looks: %s', async (_why, change) => {
    const { click, queued } = world();
    expect(await click(change)).toEqual({ kind: 'redirect', to: target });
    expect(queued()).toEqual([]);
  });

  test('again is another click', async () => {
    const { click, at, queued } = world();
    await click();
    at(seconds(1));
    await click();
    expect(new Set(queued().map(({ id }) => id)).size).toBe(2);
  });
});

describe('a link that is not ours', () => {
  test.each<[string, Partial<LinkVisit>]>([
    ['nothing', { token: '' }],
    ['cut', { token: unsubscribeToken.slice(0, -1) }],
    ['changed', { token: `A${unsubscribeToken.slice(1)}` }],
    ['signed by somebody else', { token: tokenOf(unsubscribeUrl('', ['other'], claim)) }],
    ['a click link', { token: clickToken }],
    ['of an unknown kind', { kind: 'x' }],
    ['of no kind', { kind: '' }],
    ['a click link that is posted', { kind: 'c', token: clickToken, method: 'POST' }],
    ['an unsubscribe link as a click', { kind: 'c' }],
    ['deleted', { method: 'DELETE' }],
    ['a page to go to', { kind: 'c', token: 'https://evil.com' }],
  ])('does nothing: %s', async (_why, change) => {
    const { visit, queued } = world();
    expect(await visit(change)).toEqual({ kind: 'not-ours' });
    expect(await visit({ method: 'POST', ...change })).toEqual({ kind: 'not-ours' });
    expect(queued()).toEqual([]);
  });
});
