/** Everything under /_local answers in the shapes that are written down, refuses clearly, and talks to this machine only. */
import { request as httpRequest } from 'node:http';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { isObject, parseJson, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { minutes, recorded, shop } from '../stories/shop.ts';

const iso = v.pipe(v.string(), v.isoTimestamp());
const json = v.custom<Json>((value) => value !== undefined);
const cause = v.strictObject({ kind: v.picklist(['journey', 'campaign', 'api']), name: v.string(), step: v.string() });

const message = v.strictObject({
  id: v.string(),
  channel: v.literal('email'),
  to: v.pipe(v.string(), v.email()),
  subject: v.string(),
  text: v.string(),
  html: v.string(),
  headers: v.record(v.string(), v.string()),
  sentAt: iso,
  status: v.picklist(['sent', 'delivered']),
  profileId: v.string(),
  cause,
});

const text = v.strictObject({
  id: v.string(),
  channel: v.literal('sms'),
  from: v.string(),
  to: v.pipe(v.string(), v.regex(/^\+\d+$/)),
  text: v.string(),
  type: v.picklist(['Promotional', 'Transactional']),
  sentAt: iso,
  status: v.picklist(['sent', 'opted-out']),
  profileId: v.nullable(v.string()),
  cause: v.nullable(cause),
});

const profile = v.looseObject({
  id: v.string(),
  identifiers: v.array(v.strictObject({ type: v.string(), value: v.string(), verified: v.boolean() })),
  traits: v.record(v.string(), json),
  consent: v.record(v.picklist(['email', 'sms', 'push']), v.boolean()),
  timeline: v.array(
    v.looseObject({ name: v.string(), occurredAt: iso, source: v.string(), properties: v.record(v.string(), json) }),
  ),
  journeys: v.array(
    v.looseObject({
      name: v.string(),
      version: v.string(),
      state: v.picklist(['waiting', 'sending', 'ended']),
      step: v.nullable(v.string()),
      since: iso,
      until: iso,
      log: v.array(v.looseObject({ step: v.string(), at: iso, outcome: v.string() })),
    }),
  ),
  messages: v.array(
    v.looseObject({ sendKey: v.string(), at: iso, cause, template: v.string(), status: v.looseObject({ kind: v.string() }) }),
  ),
  decisions: v.array(
    v.looseObject({
      at: iso,
      rule: v.string(),
      event: v.string(),
      outcome: v.picklist(['fired', 'not']),
      because: v.string(),
      seen: json,
    }),
  ),
});

const story = v.strictObject({
  id: v.string(),
  name: v.string(),
  lines: v.array(
    v.looseObject({
      id: v.string(),
      at: iso,
      kind: v.picklist(['event', 'step', 'message']),
      text: v.string(),
      decisions: v.array(v.strictObject({ outcome: v.picklist(['fired', 'not']), text: v.string() })),
    }),
  ),
  next: v.array(v.strictObject({ at: iso, text: v.string() })),
});

const queue = v.strictObject({
  name: v.string(),
  visible: v.number(),
  delayed: v.number(),
  inFlight: v.number(),
  handler: v.string(),
});

describe('the local API', () => {
  const local = shop();
  const get = async <Schema extends v.GenericSchema>(path: string, schema: Schema) => {
    const { status, body } = await local.request(`/_local/${path}`);
    if (status !== 200) throw new Error(`GET /_local/${path} answered ${status}`);
    return v.parse(schema, body);
  };
  const post = (path: string, body: unknown) =>
    local.request(`/_local/${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

  const reminded = async (): Promise<string> => {
    const email = `${local.fresh('lea')}@example.com`;
    const now = local.at();
    const changes = { email, customer: null, buyer_accepts_marketing: true, created_at: now, updated_at: now };
    await local.shopify(
      'checkouts/create',
      recorded('checkouts/create', { ...changes, token: local.fresh('t'), cart_token: local.fresh('c') }),
    );
    await local.settle();
    return email;
  };

  test('messages and profiles have the shapes that are written down', async () => {
    const email = await reminded();
    const waiting = await get(`profiles?email=${email}`, profile);
    expect(waiting.journeys).toMatchObject([{ name: 'panier-abandonne', state: 'waiting', step: '1' }]);
    expect(waiting.decisions).toMatchObject([{ rule: 'panier-abandonne', event: 'Cart Updated', outcome: 'fired' }]);
    await local.advance(minutes(31));
    const mails = await get('messages', v.array(message)); // no text has left yet
    const mail = mails.find(({ to }) => to === email);
    expect(mail).toMatchObject({ profileId: waiting.id, cause: { kind: 'journey', name: 'panier-abandonne', step: '2' } });
    expect(mail?.html).toMatch(/<html/);
    expect(mail?.text).toContain('Cat Laser Toy');
    expect(mail?.headers).toMatchObject({ 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });
    const reached = await get(`profiles?email=${email}`, profile);
    expect(reached.messages).toMatchObject([{ template: 'panier-abandonne', status: { kind: 'sent', providerId: mail?.id } }]);
    expect(reached.timeline.map(({ name, source }) => [name, source])).toEqual([['Checkout Started', 'shopify']]);
    expect(await get('messages?newest=1', v.array(message))).toHaveLength(1);
  });

  test('texts stand among the mails in the order in which they left, with the person who has the number', async () => {
    const { sns, ses } = local.stack().emulators;
    const summary = async () => get('summary', v.looseObject({ mails: v.number(), texts: v.number() }));
    const before = await summary();
    const [phone, stranger] = [local.freshPhone(), local.freshPhone()];
    const userId = local.fresh('u');
    await local.segment('identify', { userId, traits: { phone } });
    await local.settle();
    const sender = new Map([['AWS.SNS.SMS.SenderID', 'ATELIER']]);
    const mail = () =>
      ses.send({
        raw: Buffer.from('From: a@example.com\r\nTo: b@example.com\r\n\r\nx'),
        destinations: ['b@example.com'],
        tags: [],
      });
    sns.phones.send(phone, 'eins', sender);
    await local.advance(1_000);
    mail();
    await local.advance(1_000);
    sns.phones.send(stranger, 'zwei', new Map());
    const newest = await get('messages?newest=3', v.array(v.looseObject({ channel: v.string(), to: v.string() })));
    expect(newest.map(({ channel, to }) => [channel, to])).toEqual([
      ['sms', phone],
      ['email', 'b@example.com'],
      ['sms', stranger],
    ]);
    const [first, , last] = newest.map((one) => (one.channel === 'sms' ? v.parse(text, one) : undefined));
    const { id } = await get(`profiles?userId=${userId}`, profile);
    expect(first).toMatchObject({ from: 'ATELIER', text: 'eins', type: 'Promotional', profileId: id, cause: null });
    expect(last).toMatchObject({ from: '', text: 'zwei', profileId: null, cause: null });
    expect((await get('messages?newest=2', v.array(v.looseObject({})))).map(({ channel }) => channel)).toEqual(['email', 'sms']);
    expect(await summary()).toMatchObject({ mails: before.mails + 1, texts: before.texts + 2 });
  });

  test('a restarted wait says when it really ends', async () => {
    const userId = local.fresh('u');
    const add = () =>
      local.segment('track', { userId, event: 'Product Added', properties: { product_id: 'p', name: 'Scarf', price: 5 } });
    await add();
    await local.advance(minutes(20));
    await add();
    await local.settle();
    const moved = local.now();
    const { journeys } = await get(`profiles?userId=${userId}`, profile);
    const until = Date.parse(journeys[0]?.until ?? '');
    expect(Math.abs(until - (moved + minutes(30)))).toBeLessThan(2_000);
    const { next } = await get(`story?userId=${userId}`, story);
    expect(next.map(({ at }) => at)).toEqual([journeys[0]?.until]);
  });

  test('a profile is found by every identifier, also one that is written differently', async () => {
    const [userId, loyaltyId, anonymousId] = [local.fresh('u'), local.fresh('l'), local.fresh('a')];
    const email = `${local.fresh('Ada')}@Example.com`;
    await local.segment('identify', {
      userId,
      anonymousId,
      traits: { email, phone: '06 12 34 56 78', loyaltyId, firstName: 'Ada' },
    });
    await local.settle();
    const { id } = await get(`profiles?userId=${userId}`, profile);
    const others = { email: email.toLowerCase(), phone: '+33612345678', anonymousId, loyaltyId, id };
    for (const [name, value] of Object.entries(others))
      expect(await get(`profiles?${name}=${encodeURIComponent(value)}`, profile)).toMatchObject({ id });
    const people = v.array(v.strictObject({ id: v.string(), name: v.string(), email: v.nullable(v.string()), lastSeen: iso }));
    expect(await get('people', people)).toContainEqual(expect.objectContaining({ id, name: 'Ada', email: email.toLowerCase() }));
  });

  test('a story tells events with their decisions, and messages that left or did not', async () => {
    const email = await reminded();
    const { lines, next } = await get(`story?email=${email}`, story);
    expect(lines.map(({ text }) => text)).toEqual([expect.stringMatching(/^“Checkout Started”: .*Cat Laser Toy/)]);
    expect(lines[0]?.decisions).toEqual([{ outcome: 'fired', text: '“Cart Updated” starts panier-abandonne.' }]);
    expect(next).toHaveLength(1);
    await local.segment('identify', { userId: local.fresh('u'), traits: { email, consent: { email: false } } });
    await local.advance(minutes(31));
    const { lines: told } = await get(`story?email=${email}`, story);
    expect(told.at(-1)).toMatchObject({ kind: 'message', status: 'dropped' });
    expect(told.at(-1)?.text).toMatch(/was not sent: there is no consent to this channel \(seen: state withdrawn/);
  });

  test('the clock says what time it is and goes forward by what was asked', async () => {
    const before = (await get('clock', v.strictObject({ now: iso }))).now;
    const { status, body } = await post('clock', { advance: 'P400D' });
    expect(status).toBe(200);
    const { now } = v.parse(v.strictObject({ now: iso, processed: v.number() }), body);
    const passed = Date.parse(now) - Date.parse(before) - 400 * 86_400_000;
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThan(10_000);
  });

  test.each([
    ['nothing', '', /duration/],
    ['no JSON', '{', /JSON/],
    ['no object', '[]', /duration/],
    ['no duration', '{"advance":"soon"}', /duration/],
    ['a number', '{"advance":30}', /duration/],
    ['backwards', '{"advance":"-PT5M"}', /forward/],
    ['more than a century', '{"advance":"P101Y"}', /duration/],
    ['null', '{"advance":null}', /duration/],
  ])('the clock does not move for %s', async (_what, body, problem) => {
    const answer = await post('clock', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toMatch(problem);
  });

  test('settle says how much was done; queues, summary and keys tell what tools need', async () => {
    expect(v.parse(v.strictObject({ processed: v.number() }), (await post('settle', '')).body)).toEqual({ processed: 0 });
    const queues = { queues: v.array(queue), schedules: v.array(json), paused: v.array(v.string()) };
    const told = await get('queues', v.strictObject(queues));
    expect(told.queues.find(({ name }) => name === 'events')).toMatchObject({ handler: 'process-events', visible: 0 });
    expect(told.queues.find(({ name }) => name === 'events-dead')).toMatchObject({ handler: 'park-dead-letters' });
    const summary = v.strictObject({ ...queues, now: iso, revision: v.number(), mails: v.number(), texts: v.number() });
    const { revision } = await get('summary', summary);
    await local.segment('track', { userId: local.fresh('u'), event: 'Looked Around' });
    expect((await get('summary', summary)).revision).toBeGreaterThan(revision);
    expect((await local.request('/_local/keys')).body).toMatchObject({
      browserWriteKey: 'local-write-key',
      serverWriteKey: 'local-server-key',
      shopifySecret: 'local-shopify-secret',
      webhookSecret: 'whsec_bG9jYWwtc2VjcmV0LWZvci1yZWxhbmNl',
      outgoingSecret: 'whsec_bG9jYWwtb3V0Z29pbmctc2VjcmV0',
    });
  });

  test('what is paused waits and is done afterwards', async () => {
    const userId = local.fresh('u');
    expect((await post('processing', { running: false, function: 'process-events' })).body).toEqual({
      paused: ['process-events'],
    });
    await local.segment('identify', { userId, traits: { firstName: 'Zoé' } });
    await local.settle();
    expect((await local.request(`/_local/profiles?userId=${userId}`)).status).toBe(404);
    const { queues } = await get('queues', v.looseObject({ queues: v.array(queue) }));
    expect(queues.find(({ name }) => name === 'events')).toMatchObject({ visible: 1 });
    expect((await post('processing', { running: true })).body).toEqual({ paused: [] });
    await local.settle();
    expect((await local.request(`/_local/profiles?userId=${userId}`)).status).toBe(200);
  });

  test('a parked item keeps reason and body', async () => {
    await local.request('/v1/batch', {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('local-server-key:')}` },
      body: JSON.stringify({ batch: [{ type: 'track', userId: 'u', properties: { marker: 'parked here' } }] }),
    });
    const parked = await get(
      'parked',
      v.array(
        v.strictObject({
          id: v.string(),
          at: iso,
          stage: v.string(),
          problems: v.array(v.strictObject({ where: v.string(), problem: v.string() })),
          body: v.string(),
          claims: v.array(v.string()),
        }),
      ),
    );
    const found = parked.find(({ body }) => body.includes('parked here'));
    expect(found?.problems[0]?.problem).toMatch(/event is required/);
  });

  test.each([
    ['GET', 'profiles', 400, /email/],
    ['GET', 'profiles?shoeSize=38', 400, /email/],
    ['GET', 'story', 400, /email/],
    ['GET', 'profiles?email=nobody@example.com', 404, /nobody/],
    ['GET', 'profiles?email=', 404, /nobody/],
    ['GET', 'profiles?email=not-an-address', 404, /nobody/],
    ['GET', 'profiles?id=..%2F..%2Fetc', 404, /nobody/],
    ['GET', 'messages?newest=0', 400, /newest/],
    ['GET', 'messages?newest=all', 400, /newest/],
    ['GET', 'nothing', 404, /no GET/],
    ['GET', '../page/serve.ts', 404, /./],
    ['GET', '%2e%2e%2fstart.ts', 404, /no GET/],
    ['DELETE', 'clock', 404, /no DELETE/],
    ['POST', 'processing', 400, /running/],
  ])('%s %s is answered %i, with the reason', async (method, path, status, problem) => {
    const answer = await local.request(`/_local/${path}`, { method });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(problem);
  });

  test('an unknown function cannot be paused', async () => {
    const answer = await post('processing', { running: false, function: 'collect-events' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('process-events');
  });

  /** fetch does not let a caller choose Host. */
  const ask = (method: string, path: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(local.stack().origin);
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject).end();
    });

  test('only this machine and its own pages are answered', async () => {
    const { host, port } = new URL(local.stack().origin);
    const own = `http://${host}`;
    expect(await ask('GET', '/_local/messages', { host })).toBe(200);
    expect(await ask('GET', '/_local/messages', { host, origin: own })).toBe(200);
    expect(await ask('GET', '/_local', { host: `localhost:${port}` })).toBe(200);
    const strangers: Record<string, string>[] = [
      { host, origin: 'https://evil.example' },
      { host, origin: 'null' },
      { host, origin: 'http://127.0.0.1:1' },
      { host: `evil.example:${port}` },
      { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
      { host: `127.0.0.1.evil.example:${port}` },
    ];
    for (const headers of strangers) {
      expect(await ask('GET', '/_local/messages', headers)).toBe(403);
      expect(await ask('GET', '/_local/keys', headers)).toBe(403);
      expect(await ask('POST', '/_local/clock', headers)).toBe(403);
    }
  });

  test('the page comes with a policy that lets no foreign script run', async () => {
    for (const path of ['/_local', '/_local/', '/_local/page.mjs', '/_local/page.css']) {
      const response = await fetch(`${local.stack().origin}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('hostile names come back as the text they are', async () => {
    const userId = local.fresh('u');
    const firstName = '<script>alert(1)</script>';
    await local.segment('identify', { userId, traits: { firstName, __proto__: { polluted: true } } });
    await local.settle();
    const { body } = await local.request(`/_local/profiles?userId=${userId}`);
    expect(traitsOf(body)).toEqual({ firstName });
  });
});

const traitsOf = (body: Json): JsonObject | undefined => {
  const again = parseJson(JSON.stringify(body));
  return isObject(again) && isObject(again['traits']) ? again['traits'] : undefined;
};
