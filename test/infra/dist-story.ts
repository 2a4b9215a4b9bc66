/**
 * The story of a shop over real HTTP, told by the bundles of dist/: each in a worker thread, with the environment that the
 * template gives it, and allowed what its policy allows.
 */
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { distFolder } from '../../infra/bundles.ts';
import type { Bundles } from '../../local/containers/make-bundles.ts';
import { functions } from '../../shared/topology.ts';
import { hours, minutes, recorded, type Shop } from '../stories/shop.ts';
import { DeployedShop } from './deployed-shop.ts';

const checkout = (story: Shop, email: string) =>
  recorded('checkouts/create', {
    id: Math.floor(Math.random() * 1e15),
    token: story.fresh('token'),
    cart_token: story.fresh('cart'),
    email,
    buyer_accepts_marketing: true,
    created_at: story.at(),
    updated_at: story.at(),
    customer: null,
  });

const order = (story: Shop, email: string) =>
  recorded('orders/create', {
    id: Math.floor(Math.random() * 1e15),
    email,
    contact_email: email,
    customer: null,
    created_at: story.at(),
    updated_at: story.at(),
  });

export function distStory(bundles: Bundles): void {
  describe('the story of a shop from dist/', () => {
    const deployed = new DeployedShop(bundles);
    const story = deployed.shop;
    const person = () => `${story.fresh('lea')}@example.com`;

    test('an abandoned cart is reminded of after thirty minutes', async () => {
      const waited = await reminds(story, person());
      expect(waited).toBeGreaterThanOrEqual(minutes(30));
      expect(waited).toBeLessThan(minutes(30) + 1_000);
    });

    test('whoever gave a phone and no address is reminded by SMS', async () => {
      const [phone, userId] = [story.freshPhone(), story.fresh('noa')];
      await story.segment('identify', { userId, traits: { phone, consent: { sms: true } } });
      await story.segment('track', {
        userId,
        event: 'Product Added',
        properties: { product_id: 'p', name: 'Bonnet', price: 20 },
      });
      await story.settle();
      await story.advance(minutes(31));
      expect(await story.textsTo(phone)).toMatchObject([{ from: 'ATELIER', type: 'Promotional', cause: { step: '2' } }]);
      expect(deployed.door.passed).toContain('deliver-messages PublishCommand');
    });

    test('an order stops the reminder', async () => {
      const email = person();
      await ordersInTime(story, email);
      expect(await story.mailsTo(email)).toEqual([]);
    });

    test('one click ends the mails for good', async () => {
      const email = person();
      await oneClickEnds(deployed, email);
      expect(await story.mailsTo(email)).toHaveLength(1);
    });

    test('an address that bounced gets nothing any more', async () => {
      const email = `bounce+${story.fresh('lea')}@simulator.amazonses.com`;
      await bounceSuppresses(deployed, email);
      expect(await story.mailsTo(email)).toHaveLength(1);
    });

    test('a signature is judged by the time of the machine, hours after the clock was moved', async () => {
      expect(story.now() - Date.now()).toBeGreaterThan(hours(24));
      expect((await story.signed({ type: 'identify', userId: 'till-1', traits: { plan: 'gold' } })).status).toBe(202);
      await story.settle();
      expect((await story.profile('userId=till-1'))['traits']).toMatchObject({ plan: 'gold' });
    });

    test('a campaign reaches who is in its segment', async () => {
      const [email, userId] = [person(), story.fresh('eva')];
      await story.segment('identify', { userId, traits: { email, club: true, consent: { email: true } } });
      await story.segment('track', { userId, event: 'Product Added', properties: { product_id: 'p', price: 20 } });
      await story.settle();
      await story.advance(hours(24 * 7));
      expect((await story.mailsTo(email)).map(({ cause }) => cause?.kind).toSorted()).toEqual(['campaign', 'journey']);
    });

    test('a letter that was given up is parked', async () => {
      const { clients, emulators } = story.stack();
      await clients.sqs.send(new SendMessageCommand({ QueueUrl: emulators.sqs.urlOf('work-dead'), MessageBody: 'given up' }));
      await story.settle();
      expect(JSON.stringify((await story.request('/_local/parked')).body)).toContain('given up');
    });

    test('every function ran in threads of its own, from its own bundle, and saw its own environment alone', async () => {
      const containers = await deployed.containers();
      const threads = [...containers.values()].flat().map(({ found }) => found?.threadId ?? 0);
      expect(Math.min(...threads)).toBeGreaterThan(0);
      expect(new Set(threads).size).toBe(threads.length);
      expect([...containers.keys()].toSorted()).toEqual(Object.keys(functions).toSorted());
      for (const [name, all] of containers) {
        const folder = pathToFileURL(join(distFolder, name) + sep).href;
        expect(all.map(({ calls }) => calls > 0)).toContain(true);
        for (const { found } of all) {
          expect(found?.modules).toContain(`${folder}handler.mjs`);
          expect(found?.modules.filter((url) => !url.startsWith(folder))).toEqual([]);
          expect(found?.environment).toEqual(deployed.environmentOf(name));
        }
      }
    });

    test('nothing failed, and nobody asked for what its policy does not allow', () => {
      expect(deployed.failures).toEqual([]);
      expect(deployed.door.refused).toEqual([]);
      const callers = [...deployed.door.passed].map((call) => call.replace(/ .*/, ''));
      expect([...new Set(callers)].toSorted()).toEqual(Object.keys(functions).toSorted());
      expect(callers.length).toBeGreaterThan(30);
      for (const name of Object.keys(functions)) expect(deployed.door.passed).toContain(`${name} GetParametersCommand`);
    });
  });
}

/** Answers how long after the cart the mail left. */
async function reminds(story: Shop, email: string): Promise<number> {
  const created = story.now();
  expect((await story.shopify('checkouts/create', checkout(story, email))).status).toBe(202);
  await story.settle();
  await story.advance(created + minutes(29) - story.now());
  expect(await story.mailsTo(email)).toEqual([]);
  await story.advance(minutes(2));
  const mails = await story.mailsTo(email);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.html).toContain('Cat Laser Toy');
  expect(mails[0]?.headers['list-unsubscribe']).toContain(`<${story.stack().origin}/l/u/`);
  return Date.parse(mails[0]?.sentAt ?? '') - created;
}

async function ordersInTime(story: Shop, email: string): Promise<void> {
  await story.shopify('checkouts/create', checkout(story, email));
  await story.advance(minutes(10));
  await story.shopify('orders/create', order(story, email));
  await story.settle();
  await story.advance(hours(2));
}

async function oneClickEnds(deployed: DeployedShop, email: string): Promise<void> {
  const story = deployed.shop;
  await cart(story, email);
  const [mail] = await story.mailsTo(email);
  const link = /<(.*)>/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  expect((await fetch(link, { method: 'POST', body, redirect: 'error' })).status).toBe(200);
  await story.settle();
  expect(await deployed.profileOf(email)).toMatchObject({ consent: { email: false } });
  await story.advance(hours(24 * 4));
  await cart(story, email);
  expect((await deployed.profileOf(email))['messages']).toMatchObject([
    { status: { kind: 'sent' } },
    { status: { kind: 'dropped', because: 'no-consent' } },
  ]);
}

async function bounceSuppresses(deployed: DeployedShop, email: string): Promise<void> {
  const story = deployed.shop;
  await cart(story, email);
  expect((await story.mailsTo(email)).map(({ status }) => status)).toEqual(['bounced']);
  await story.advance(hours(24 * 4));
  await cart(story, email);
  expect((await deployed.profileOf(email))['messages']).toMatchObject([
    { status: { kind: 'sent' }, marks: [{ kind: 'bounced', type: 'permanent' }] },
    { status: { kind: 'dropped', because: 'suppressed' } },
  ]);
}

/** Told by Segment, and waited for. */
async function cart(story: Shop, email: string): Promise<void> {
  const userId = email.split('@')[0] ?? '';
  if (!(await story.hasProfile(`email=${encodeURIComponent(email)}`)))
    await story.segment('identify', { userId, traits: { email, consent: { email: true } } });
  const properties = { cart_id: story.fresh('cart'), product_id: 'p', name: 'Bonnet', price: 20 };
  await story.segment('track', { userId, event: 'Product Added', properties });
  await story.settle();
  await story.advance(minutes(31));
}
