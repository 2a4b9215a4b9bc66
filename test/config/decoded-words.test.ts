/** Each word of the language means exactly this: what is written in YAML, and what the functions get. */
import { describe, expect, test } from 'vitest';
import { checkFiles } from '../../shared/config/check-config.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Journey } from '../../shared/journeys/journey.ts';
import { didId } from '../../shared/rules/did-state.ts';
import type { Condition, DidCondition } from '../../shared/rules/condition.ts';
import { brand, brandWithSms, journey, smallConfig, sms } from './small-config.ts';

async function compiled(files: Readonly<Record<string, string | undefined>>): Promise<Omit<Config, 'generation'>> {
  const checked = await checkFiles(smallConfig({ 'brand.yaml': brand.replace('maturity: 2', 'maturity: 4'), ...files }));
  if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.problems));
  return checked.config;
}

const only = async (text: string): Promise<Journey> => (await compiled({ 'journeys/rappel.yaml': text })).journeys[0]!.journey;
const startOf = async (start: string) => (await only(`start: ${start}\nsteps: [{ send: rappel }]\n`)).start;
const stepsOf = async (steps: string) => (await only(`start: { on: Cart Updated }\nsteps: ${steps}\n`)).steps;
const conditionOf = async (when: string): Promise<Condition> =>
  (await compiled({ 'segments/essai.yaml': `when: ${when}\n` })).segments.find(({ name }) => name === 'essai')!.when;

const did = (condition: Omit<DidCondition, 'id' | 'kind'>): DidCondition => {
  const counted = { kind: 'did' as const, ...condition };
  return { ...counted, id: didId(counted) };
};
const days = (count: number) => ({ count, unit: 'days' as const });
const hour = { count: 1, unit: 'hours' as const };
const compare = (path: string, comparison: Extract<Condition, { kind: 'compare' }>['comparison']): Condition => ({
  kind: 'compare',
  path: path.split('.'),
  comparison,
});

const views = did({
  events: ['Product Viewed'],
  where: compare('event.price', { op: 'gte', value: 10 }),
  same: ['category'],
  times: { min: 3 },
  within: days(14),
});
const always = { reentry: { kind: 'always' }, late: hour };
const loyal = compare('orders.count', { op: 'gte', value: 3 });

describe('a start', () => {
  test.each<[string, unknown]>([
    ['{ on: [Cart Updated, Signed Up] }', { on: ['Cart Updated', 'Signed Up'], cause: { kind: 'event' }, ...always }],
    [
      '{ did: Product Viewed, times: 3, within: 14 days, where: { price: { gte: 10 } }, same: category, once per: category, rest: 2 jours }',
      {
        on: ['Product Viewed'],
        cause: { kind: 'did', did: views },
        reentry: { kind: 'once-per', path: ['category'] },
        rest: days(2),
        late: hour,
      },
    ],
    [
      '{ entered: fideles, existing: include, where: { vip: true }, once }',
      {
        on: ['Segment Entered'],
        where: compare('vip', { op: 'eq', value: true }),
        cause: { kind: 'segment', segment: 'fideles', moment: 'entered', when: loyal, existing: 'include' },
        reentry: { kind: 'once' },
        late: hour,
      },
    ],
    [
      '{ left: fideles, late: 2 days }',
      {
        on: ['Segment Left'],
        cause: { kind: 'segment', segment: 'fideles', moment: 'left', when: loyal, existing: 'ignore' },
        reentry: { kind: 'always' },
        late: days(2),
      },
    ],
    [
      '{ date: birthday, before: 7 days, at: "10:00", every: year, zone: recipient }',
      {
        on: ['Date Reached'],
        cause: { kind: 'date', date: { path: ['birthday'], offset: days(-7), at: 600, every: 'year', zone: 'recipient' } },
        ...always,
      },
    ],
    [
      '{ date: traits.contract.end, after: 1 mois }',
      {
        on: ['Date Reached'],
        cause: {
          kind: 'date',
          date: { path: ['contract', 'end'], offset: { count: 1, unit: 'months' }, at: 540, every: 'once', zone: 'brand' },
        },
        ...always,
      },
    ],
    [
      '{ date: contractEnd }',
      {
        on: ['Date Reached'],
        cause: { kind: 'date', date: { path: ['contractEnd'], offset: days(0), at: 540, every: 'once', zone: 'brand' } },
        ...always,
      },
    ],
    [
      '{ api: oui, once per: order_id }',
      { on: ['Journey Requested'], cause: { kind: 'api' }, reentry: { kind: 'once-per', path: ['order_id'] }, late: hour },
    ],
  ])('%s', async (written, start) => {
    expect(await startOf(written)).toEqual(start);
  });

  test('exit and wait for compare with the starting event', async () => {
    const text =
      'start: { on: Order Ready for Pickup }\nexit: { on: Order Picked Up, same: event.order_id }\nsteps: [{ send: rappel }]\n';
    expect((await only(text)).exit).toEqual({ on: ['Order Picked Up'], same: ['order_id'] });
  });
});

describe('a step', () => {
  const label = '1';
  const send = { kind: 'send', template: 'rappel', channels: ['email'] };
  test.each<[string, readonly unknown[]]>([
    ['[{ wait until: 10h30 }]', [{ kind: 'wait-time', label, at: 630, weekdays: [], zone: 'brand' }]],
    [
      '[{ wait until: { at: minuit, on: [dimanche, Monday, lundi], zone: recipient } }]',
      [{ kind: 'wait-time', label, at: 0, weekdays: [1, 7], zone: 'recipient' }],
    ],
    [
      '[{ wait until: { date: birthday, after: 2 weeks, every: year, at: 9:05 } }]',
      [
        {
          kind: 'wait-date',
          label,
          date: { path: ['birthday'], offset: { count: 2, unit: 'weeks' }, at: 545, every: 'year', zone: 'brand' },
        },
      ],
    ],
    ['[{ wait until: best time }]', [{ kind: 'wait-best-time', label, within: days(1) }]],
    ['[{ wait until: best time, within: 6 heures }]', [{ kind: 'wait-best-time', label, within: { count: 6, unit: 'hours' } }]],
    [
      '[{ wait for: Order Completed, where: { event.total: 3 }, same: order_id, at most: 3 days, then: [{ send: rappel }, exit], else: [{ goal: raté }] }, { goal: fini }]'.replace(
        'raté',
        'rate',
      ),
      [
        {
          kind: 'wait-event',
          label,
          pattern: { on: ['Order Completed'], where: compare('event.total', { op: 'eq', value: 3 }), same: ['order_id'] },
          atMost: days(3),
          otherwise: 4,
        },
        { ...send, label: '1.then.1' },
        { kind: 'end', label: '1.then.2' },
        { kind: 'jump', to: 5 },
        { kind: 'goal', label: '1.else.1', name: 'rate' },
        { kind: 'goal', label: '2', name: 'fini' },
      ],
    ],
    [
      '[{ wait for: Order Completed, at most: 3 days }]',
      [{ kind: 'wait-event', label, pattern: { on: ['Order Completed'] }, atMost: days(3), otherwise: 1 }],
    ],
    [
      '[{ wait for: Order Completed, at most: 3 days, else: [{ send: rappel }] }]',
      [
        { kind: 'wait-event', label, pattern: { on: ['Order Completed'] }, atMost: days(3), otherwise: 2 },
        { kind: 'jump', to: 3 },
        { ...send, label: '1.else.1' },
      ],
    ],
    [
      '[{ split: [{ name: court, weight: 50, steps: [{ send: rappel }] }, { weight: 30 }, { weight: 20, steps: [{ goal: c }] }] }, { goal: d }]',
      [
        {
          kind: 'split',
          label,
          variants: [
            { name: 'court', weight: 50, to: 1 },
            { name: 'b', weight: 30, to: 4 },
            { name: 'c', weight: 20, to: 3 },
          ],
        },
        { ...send, label: '1.court.1' },
        { kind: 'jump', to: 4 },
        { kind: 'goal', label: '1.c.1', name: 'c' },
        { kind: 'goal', label: '2', name: 'd' },
      ],
    ],
    [
      '[{ set: { vip: true, niveau: 3, code: 01000 } }]',
      [{ kind: 'set', label, traits: { vip: true, niveau: 3, code: '01000' } }],
    ],
    ['[{ add tag: vip, remove tag: [a, b, a] }]', [{ kind: 'tag', label, add: ['vip'], remove: ['a', 'b'] }]],
    ['[{ webhook: http://localhost:3000/x }]', [{ kind: 'webhook', label, url: 'http://localhost:3000/x' }]],
    [
      '[{ task: { to: a@b.fr, subject: "Rappeler {{ person.firstName }}", text: "Vite" } }]',
      [{ kind: 'task', label, to: 'a@b.fr', subject: 'Rappeler {{ person.firstName }}', text: 'Vite' }],
    ],
  ])('%s', async (written, steps) => {
    expect(await stepsOf(written)).toEqual(steps);
  });
});

describe('a condition', () => {
  const orders = (op: 'gte' | 'lt', value: number): Condition => ({
    kind: 'orders',
    field: 'total',
    comparison: { op, value },
    within: days(365),
  });
  const segment: Condition = { kind: 'segment', segment: 'fideles', of: loyal };
  test.each<[string, Condition]>([
    ['{ orders.total: { gte: 300, lt: 900, within: 365 days } }', { kind: 'all', of: [orders('gte', 300), orders('lt', 900)] }],
    ['{ did: Order Completed }', did({ events: ['Order Completed'], times: { min: 1 } })],
    [
      '{ did not: Order Completed, within: 60 days }',
      did({ events: ['Order Completed'], times: { min: 0, max: 0 }, within: days(60) }),
    ],
    ['{ did not: Order Completed, times: 3 }', { kind: 'not', of: did({ events: ['Order Completed'], times: { min: 3 } }) }],
    ['{ did: [A B, C D, A B], times: { gt: 1, lt: 5 } }', did({ events: ['A B', 'C D'], times: { min: 2, max: 4 } })],
    ['{ did: Order Completed, times: { eq: 0 } }', did({ events: ['Order Completed'], times: { min: 0, max: 0 } })],
    [
      '{ did: Order Completed, where: { channel: store, event.total: { gte: 3 } } }',
      did({
        events: ['Order Completed'],
        where: {
          kind: 'all',
          of: [compare('event.channel', { op: 'eq', value: 'store' }), compare('event.total', { op: 'gte', value: 3 })],
        },
        times: { min: 1 },
      }),
    ],
    ['{ in: fideles }', segment],
    ['{ not in: fideles }', { kind: 'not', of: segment }],
    ['{ in: [fideles, fideles] }', segment],
    ['{ interests: { any of: a } }', compare('interests', { op: 'any-of', value: ['a'] })],
    [
      '{ interests: { all of: [a, 2], none of: [true] } }',
      {
        kind: 'all',
        of: [compare('interests', { op: 'all-of', value: ['a', 2] }), compare('interests', { op: 'none-of', value: [true] })],
      },
    ],
    [
      '{ birthday: { anniversary: dans 7 jours } }',
      compare('birthday', { op: 'anniversary', value: { kind: 'day', offset: days(7) } }),
    ],
    ['{ lastVisit: { before: 30 days ago } }', compare('lastVisit', { op: 'before', value: { kind: 'day', offset: days(-30) } })],
    ['{ a: { on: aujourd’hui } }', compare('a', { op: 'on', value: { kind: 'day', offset: days(0) } })],
    ['{ a: { after: maintenant } }', compare('a', { op: 'after', value: { kind: 'now' } })],
    ['{ a: { after: 2026-12-01 } }', compare('a', { op: 'after', value: { kind: 'date', day: '2026-12-01' } })],
    [
      '{ a: { before: "2026-12-01T10:00:00+01:00" } }',
      compare('a', { op: 'before', value: { kind: 'instant', at: Date.parse('2026-12-01T09:00:00Z') } }),
    ],
    ['{ signedUpAt: { within: 7 days } }', compare('signedUpAt', { op: 'within', value: days(7) })],
    ['{ device.type: mobile }', compare('device.type', { op: 'eq', value: 'mobile' })],
    ['{ predicted.churn: { gte: 0.7 } }', compare('predicted.churn', { op: 'gte', value: 0.7 })],
  ])('%s', async (written, condition) => {
    expect(await conditionOf(written)).toEqual(condition);
  });

  test('carries the segments of its segments along', async () => {
    const config = await compiled({
      'segments/a.yaml': 'when: { in: b }\n',
      'segments/b.yaml': 'when: { not in: [fideles, c] }\n',
      'segments/c.yaml': 'when: { city: Lyon }\n',
      'journeys/rappel.yaml': 'start: { on: Cart Updated }\nsteps:\n  - if: { in: a }\n    then: [{ send: rappel }]\n',
    });
    const c: Condition = { kind: 'segment', segment: 'c', of: compare('city', { op: 'eq', value: 'Lyon' }) };
    const b: Condition = { kind: 'not', of: { kind: 'any', of: [segment, c] } };
    const a: Condition = { kind: 'segment', segment: 'b', of: b };
    expect(config.segments.map(({ name, when }) => [name, when])).toEqual([
      ['a', a],
      ['b', b],
      ['c', c.of],
      ['fideles', loyal],
    ]);
    expect(config.journeys[0]?.journey.steps[0]).toMatchObject({ condition: { kind: 'segment', segment: 'a', of: a } });
  });

  test('has the hash of what it counts: a change of the segment is a new version of the journey', async () => {
    const hashOf = async (city: string) =>
      (
        await compiled({
          'segments/c.yaml': `when: { city: ${city} }\n`,
          'journeys/rappel.yaml': 'start: { entered: c }\nsteps: [{ send: rappel }]\n',
        })
      ).journeys[0]?.hash;
    expect(await hashOf('Lyon')).toBe(await hashOf('Lyon'));
    expect(await hashOf('Lyon')).not.toBe(await hashOf('Paris'));
  });
});

describe('a campaign', () => {
  const text = (rest: string): string => `segment: fideles\nsend: rappel\n${rest}`;
  const campaignOf = async (rest: string) =>
    (await compiled({ 'campaigns/essai.yaml': text(rest), 'brand.yaml': brandWithSms, 'templates/rappel/sms.fr.txt': sms }))
      .campaigns[0];
  const usual = {
    name: 'essai',
    segment: 'fideles',
    when: loyal,
    template: 'rappel',
    channels: ['email', 'sms'],
    at: 540,
    zone: 'brand',
  };
  test.each<[string, object]>([
    ['on: 2031-12-01\n', { schedule: { kind: 'once', day: '2031-12-01' } }],
    ['every: week\non: mardi\nat: 18h\n', { schedule: { kind: 'week', weekday: 2 }, at: 1080 }],
    ['every: mois\non: 31\nzone: recipient\n', { schedule: { kind: 'month-day', day: 31 }, zone: 'recipient' }],
    ['every: month\non: le 1er\n', { schedule: { kind: 'month-day', day: 1 } }],
    [
      'every: month\non: first tuesday\nchannels: sms\n',
      { schedule: { kind: 'month-weekday', nth: 1, weekday: 2 }, channels: ['sms'] },
    ],
    ['every: month\non: Dernier Vendredi\n', { schedule: { kind: 'month-weekday', nth: -1, weekday: 5 } }],
    [
      'on: 2031-12-01\nthrottle: 1\u202f000 par heure\n',
      { schedule: { kind: 'once', day: '2031-12-01' }, throttle: { people: 1_000, per: 'hour' } },
    ],
    [
      'on: 2031-12-01\nthrottle: 50/min\n',
      { schedule: { kind: 'once', day: '2031-12-01' }, throttle: { people: 50, per: 'minute' } },
    ],
  ])('%j', async (written, campaign) => {
    const version = await campaignOf(written);
    expect(version?.campaign).toEqual({ ...usual, ...campaign });
    expect(Object.keys(version?.templates ?? {})).toEqual(['rappel']);
  });

  test('has a name of its content, as a journey has', async () => {
    const [a, again, later] = [
      await campaignOf('on: 2031-12-01\n'),
      await campaignOf('at: 9h\non: 2031-12-01\n'),
      await campaignOf('on: 2031-12-02\n'),
    ];
    expect(a?.hash).toBe(again?.hash);
    expect(a?.hash).not.toBe(later?.hash);
  });
});

test('what is switched off is checked, and not live', async () => {
  const files = {
    'journeys/a.yaml': `active: non\n${journey}`,
    'campaigns/b.yaml': 'active: false\nsegment: fideles\nsend: rappel\non: 2031-01-01\n',
  };
  const { journeys, campaigns } = await compiled(files);
  expect([journeys.map((version) => version.journey.name), campaigns]).toEqual([['rappel'], []]);
  const checked = await checkFiles(smallConfig(files));
  expect(checked).toMatchObject({ kind: 'good', off: ['campaigns/b.yaml', 'journeys/a.yaml'] });
  const broken = await checkFiles(
    smallConfig({ ...files, 'journeys/a.yaml': `active: false\n${journey.replace('30', 'trente')}` }),
  );
  expect(broken.kind).toBe('bad');
});

test('what is switched off is made ready: its words lie within the level of the brand', async () => {
  const text = 'active: false\nstart: { on: Cart Updated }\nsteps:\n  - wait until: best time\n  - send: rappel\n';
  expect((await checkFiles(smallConfig({ 'journeys/a.yaml': text }))).kind).toBe('bad');
  const ready = { 'journeys/a.yaml': text, 'brand.yaml': brand.replace('maturity: 2', 'maturity: 3') };
  expect((await checkFiles(smallConfig(ready))).kind).toBe('good');
});
