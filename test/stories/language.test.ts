/**
 * The stories that the language was made for, as a marketer writes them, through the whole product on loopback with its
 * clock: each reads like the story (promises 2, 3, 4 and 5).
 */
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../shared/kernel/json.ts';
import { after, dayOf, instantAt, localDay, partsOf, weekdayOf } from '../../shared/kernel/time.ts';
import { configWith, mailOf, textOf } from './config-with.ts';
import { hours, minutes, seconds, serverKey, shop, type Shop } from './shop.ts';

const zone = 'Europe/Paris';
const days = (count: number): number => hours(24 * count);

const hooks: { readonly headers: Record<string, string>; readonly body: string }[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    hooks.push({ headers, body });
    response.writeHead(hooks.length === 1 ? 503 : 200).end();
  });
});
const receiverPort = 40_000 + (process.pid % 20_000);

const config = configWith({
  'journeys/infolettre-categorie.yaml': `
start: { did: Product Viewed, times: 3, within: 14 days, same: category, once per: category, rest: 14 days }
steps: [{ send: infolettre-categorie }]
`,
  ...mailOf('infolettre-categorie', 'Nouveautés : {{ entry.category | default: brand.name }}'),
  'journeys/visite-boutique.yaml': `
start: { on: [Page Viewed, Product Viewed], where: { visites: true }, rest: 7 days }
exit: { on: [Store Visited, Order Completed] }
steps: [{ wait: 30 minutes, restart on: [Page Viewed, Product Viewed] }, { send: on-vous-attend, channels: [sms] }]
`,
  ...textOf('on-vous-attend', 'La boutique vous attend. {{ links.unsubscribe }}'),
  'journeys/retrait-magasin.yaml': `
start: { on: Order Ready for Pickup, once per: order_id }
exit: { on: Order Picked Up, same: order_id }
steps: [{ send: commande-prete, channels: [sms, email] }, { wait: 24 hours }, { send: commande-prete-rappel }]
`,
  ...mailOf('commande-prete', 'Commande {{ entry.order_id | default: brand.name }} prête', 'transactional'),
  ...textOf('commande-prete', 'Votre commande est prête.', 'transactional'),
  ...mailOf('commande-prete-rappel', 'Commande {{ entry.order_id | default: brand.name }} vous attend', 'transactional'),
  'journeys/anniversaire.yaml': `
start: { date: birthday, at: "10:00", every: year }
steps: [{ send: anniversaire }]
`,
  ...mailOf('anniversaire', 'Bon anniversaire'),
  'segments/perdus.yaml': `
when:
  all:
    - did: Order Completed
    - did not: Order Completed
      within: 60 days
`,
  'journeys/reconquete.yaml': `
start: { entered: perdus }
steps: [{ send: reconquete }]
`,
  ...mailOf('reconquete', 'Vous nous manquez'),
  'journeys/rappel-client.yaml': `
start: { api: true, once per: ticket }
steps:
  - webhook: http://127.0.0.1:${receiverPort}/crochet
  - wait for: Ticket Solved
    same: ticket
    at most: 2 days
    else: [{ task: { to: boutique@atelier.example, subject: "Rappeler {{ person.firstName | default: 'le client' }}", text: "Le ticket attend." } }]
  - add tag: suivi
`,
});

describe('a story that a marketer writes', () => {
  const story = shop({ config });
  beforeAll(() => new Promise<void>((resolve) => receiver.listen(receiverPort, '127.0.0.1', resolve)));
  afterAll(() => void receiver.close());

  const does = async (userId: string, event: string, properties: JsonObject = {}, timestamp = story.at()): Promise<void> => {
    expect((await story.segment('track', { userId, event, properties, timestamp })).status).toBe(200);
    await story.settle();
  };
  const mails = async (userId: string): Promise<readonly string[]> =>
    (await story.mailsTo(`${userId}@example.com`)).map(({ subject }) => subject);
  const standAt = (instant: number): Promise<void> => story.advance(instant - story.now());

  async function somebody(traits: JsonObject = {}): Promise<string> {
    const userId = story.fresh('lea');
    const told = { email: `${userId}@example.com`, consent: { email: true, sms: true }, ...traits };
    expect((await story.segment('identify', { userId, traits: told })).status).toBe(200);
    await story.settle();
    return userId;
  }

  test('the third view of a category within 14 days writes about that category, once', async () => {
    const lea = await somebody();
    for (const category of ['Robes', 'Sacs', 'Robes', 'Sacs']) await does(lea, 'Product Viewed', { category });
    await story.advance(days(13));
    expect(await mails(lea)).toEqual([]);
    await does(lea, 'Product Viewed', { category: 'Robes' });
    expect(await mails(lea)).toEqual(['Nouveautés : Robes']);
    await does(lea, 'Product Viewed', { category: 'Sacs' }); // the journey rests
    await story.advance(days(20));
    for (let time = 0; time < 3; time++) await does(lea, 'Product Viewed', { category: 'Robes' }); // once per category
    for (let time = 0; time < 2; time++) await does(lea, 'Product Viewed', { category: 'Sacs' });
    expect(await mails(lea)).toEqual(['Nouveautés : Robes']);
    await does(lea, 'Product Viewed', { category: 'Sacs' });
    expect((await mails(lea)).toSorted()).toEqual(['Nouveautés : Robes', 'Nouveautés : Sacs']);
  });

  test('who leaves the site gets an SMS after half an hour, but not who came to the shop meanwhile', async () => {
    const [phone, other] = [story.freshPhone(), story.freshPhone()];
    const [lea, ada] = [await somebody({ phone, visites: true }), await somebody({ phone: other, visites: true })];
    for (const who of [lea, ada]) await does(who, 'Page Viewed', { name: 'Robes' });
    await story.advance(minutes(20));
    for (const who of [lea, ada]) await does(who, 'Product Viewed', { product_id: 'p' });
    await story.advance(minutes(25));
    await story.signed({ type: 'track', userId: ada, event: 'Store Visited', timestamp: story.at() });
    await story.settle();
    expect(await story.textsTo(phone)).toEqual([]);
    await story.advance(minutes(6));
    expect(await story.textsTo(phone)).toHaveLength(1);
    await story.advance(days(1));
    expect([(await story.textsTo(phone)).length, await story.textsTo(other)]).toEqual([1, []]);
  });

  test('an order that is ready is told and reminded of, unless that very order was picked up', async () => {
    const lea = await somebody();
    for (const order_id of ['C-1', 'C-2']) await does(lea, 'Order Ready for Pickup', { order_id });
    await does(lea, 'Order Ready for Pickup', { order_id: 'C-1' });
    await story.advance(hours(2));
    await does(lea, 'Order Picked Up', { order_id: 'C-2' });
    await story.advance(hours(30));
    expect((await mails(lea)).toSorted()).toEqual(['Commande C-1 prête', 'Commande C-1 vous attend', 'Commande C-2 prête']);
  });

  test('sixty days without an order are over to the minute, across a change of clocks, and moved by an order that is told late', async () => {
    const { year } = partsOf(localDay(story.now(), zone));
    const [march] = [year, year + 1]
      .map((one) => lastSundayOfMarch(one))
      .filter((day) => instantAt(day, 0, zone) - story.now() > days(31));
    await standAt(instantAt((march ?? 0) - 30, 17 * 60 + 42, zone));
    const [lea, ada] = [await somebody(), await somebody()];
    for (const who of [lea, ada]) await does(who, 'Order Completed', { order_id: story.fresh('o'), total: 20 });
    const ordered = story.now();
    const due = after(ordered, { count: 60, unit: 'days' }, zone);
    expect(due - ordered).toBeCloseTo(days(60) - hours(1), -4); // an hour was left out
    await story.advance(days(40));
    await does(ada, 'Order Completed', { order_id: story.fresh('o'), total: 20 }, new Date(ordered + days(10)).toISOString());
    await standAt(due - minutes(1));
    expect([await mails(lea), await mails(ada)]).toEqual([[], []]);
    await story.advance(minutes(2));
    expect([await mails(lea), await mails(ada)]).toEqual([['Vous nous manquez'], []]);
    await standAt(due + days(10) - minutes(1));
    expect(await mails(ada)).toEqual([]);
    await story.advance(minutes(2));
    expect([await mails(lea), await mails(ada)]).toEqual([['Vous nous manquez'], ['Vous nous manquez']]);
  });

  test('who was born on 29 February is congratulated on the 28th of a common year, at ten', async () => {
    const { year } = partsOf(localDay(story.now(), zone));
    const common = [year, year + 1, year + 2].find(
      (one) => one % 4 !== 0 && instantAt(dayOf(one, 2, 27), 600, zone) > story.now(),
    );
    const ten = instantAt(dayOf(common ?? 0, 2, 28), 600, zone);
    await standAt(ten - days(2));
    const lea = await somebody({ birthday: '1992-02-29' });
    await standAt(ten - minutes(1));
    expect(await mails(lea)).toEqual([]);
    await story.advance(minutes(2));
    expect(await mails(lea)).toEqual(['Bon anniversaire']);
    await story.advance(days(30));
    expect(await mails(lea)).toHaveLength(1);
  });

  test('a server asks for a journey: a hook is called until it is heard, staff is told what nobody solved, and the person is tagged', async () => {
    const lea = await somebody({ firstName: 'Léa' });
    const before = hooks.length;
    const answers = [await start(story, lea, 'T-1', 'k1'), await start(story, lea, 'T-1', 'k1')];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await story.settle();
    await story.advance(minutes(2));
    const heard = hooks.slice(before);
    expect(heard).toHaveLength(2); // the first answer was 503
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const told: unknown = new Webhook('whsec_bG9jYWwtb3V0Z29pbmctc2VjcmV0').verify(heard[1]?.body ?? '', heard[1]?.headers ?? {});
    expect(told).toMatchObject({ type: 'journey.step', data: { journey: 'rappel-client', entry: { ticket: 'T-1' } } });
    await story.advance(minutes(10));
    await does(lea, 'Ticket Solved', { ticket: 'T-9' });
    await story.advance(days(2));
    expect((await story.mailsTo('boutique@atelier.example')).map(({ subject }) => subject)).toEqual(['Rappeler Léa']);
    await story.advance(minutes(5));
    const { traits } = await story.profile(`userId=${lea}`);
    expect(isObject(traits) ? traits['tag:suivi'] : undefined).toBe(true);
    await start(story, lea, 'T-2', 'k2');
    await story.settle();
    await story.advance(minutes(5));
    await does(lea, 'Ticket Solved', { ticket: 'T-2' });
    await story.advance(days(3));
    expect(await story.mailsTo('boutique@atelier.example')).toHaveLength(1);
    expect(story.now()).toBeGreaterThan(seconds(1));
  });
});

const lastSundayOfMarch = (year: number): number => {
  const last = dayOf(year, 3, 31);
  return last - (weekdayOf(last) % 7);
};

const start = (story: Shop, userId: string, ticket: string, key: string) =>
  story.request('/v1/journeys/rappel-client/start', {
    method: 'POST',
    headers: { authorization: `Bearer ${serverKey}`, 'idempotency-key': `${userId}-${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, properties: { ticket } }),
  });
