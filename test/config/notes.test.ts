/** Notes say what is good and may still surprise; they stop nothing. */
import { describe, expect, test } from 'vitest';
import { checkFiles } from '../../shared/config/check-config.ts';
import { keptStates } from '../../shared/config/check/kept-states.ts';
import type { Config } from '../../shared/config/config.ts';
import { brand, email, smallConfig } from './small-config.ts';

const now = Date.parse('2026-11-24T22:30:00Z'); // the 24th in Paris as well

async function good(files: Readonly<Record<string, string | undefined>>, at: number | undefined = now) {
  const checked = await checkFiles(smallConfig(files), [], at);
  if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.problems));
  return checked;
}

const notesOn = async (
  files: Readonly<Record<string, string | undefined>>,
  at: number | undefined = now,
): Promise<readonly string[]> =>
  (await good(files, at)).notes.map(
    ({ file, line, problem, suggestion }) => `${file} ${line} ${problem}${suggestion === '' ? '' : ` → ${suggestion}`}`,
  );

const withStart = (start: string, more = ''): Record<string, string> => ({
  'journeys/rappel.yaml': `start:\n${start}${more}steps:\n  - send: rappel\n`,
});
const campaign = (text: string): Record<string, string> => ({
  'campaigns/soldes.yaml': `segment: fideles\nsend: rappel\n${text}`,
});

test('a config without surprises has none', async () => {
  expect(await notesOn({})).toEqual([]);
});

describe('events of the owner are allowed, and noted once', () => {
  test('with the place where they are named first', async () => {
    const files = withStart('  on: [Cart Updated, Rendez-vous pris]\n', 'exit: { on: Rendez-vous pris }\n');
    expect(await notesOn(files)).toEqual([
      'journeys/rappel.yaml 2 "Rendez-vous pris" is an event of your own: it happens only if your site, shop or app sends it under exactly this name',
    ]);
  });

  test.each<[string, Record<string, string>]>([
    ['a did', { 'segments/a.yaml': 'when: { did: Rendez-vous pris }\n' }],
    ['a did not inside all', { 'segments/a.yaml': 'when:\n  all:\n    - did not: Rendez-vous pris\n' }],
    [
      'wait for',
      {
        'journeys/rappel.yaml':
          'start: { on: Cart Updated }\nsteps:\n  - wait for: Rendez-vous pris\n    at most: 1 day\n  - send: rappel\n',
      },
    ],
    [
      'an if',
      {
        'journeys/rappel.yaml':
          'start: { on: Cart Updated }\nsteps:\n  - if: { did: Rendez-vous pris }\n    then: [{ send: rappel }]\n',
      },
    ],
    [
      'restart on',
      {
        'journeys/rappel.yaml':
          'start: { on: Cart Updated }\nsteps:\n  - wait: 1 day\n    restart on: Rendez-vous pris\n  - send: rappel\n',
      },
    ],
  ])('in %s', async (_where, files) => {
    expect(await notesOn(files)).toHaveLength(1);
  });

  test('with its twin, where two have nearly one name', async () => {
    const [first] = await notesOn(withStart('  on: [Rendez-vous pris, Rendez vous prit]\n'));
    expect(first).toBe(
      'journeys/rappel.yaml 2 "Rendez-vous pris" and "Rendez vous prit" are two events of your own with nearly one name → did you mean "Rendez vous prit"?',
    );
  });
});

test('a property of the event that would be read as a trait', async () => {
  expect(
    await notesOn(withStart('  on: Order Completed\n  where:\n    total: { gte: 30 }\n    traits.coupon: A\n    city: Lyon\n')),
  ).toEqual([
    'journeys/rappel.yaml 4 "total" is read as a trait of the person here → write event.total, or traits.total if the trait is meant',
  ]);
  expect(await notesOn({ 'segments/a.yaml': 'when: { did: Order Completed, where: { total: { gte: 3 } } }\n' })).toEqual([]);
  expect(await notesOn(withStart('  did: Product Viewed\n  where: { price: { gte: 10 } }\n  once: true\n'))).toEqual([]);
});

test('the same value as an event that usually has none', async () => {
  const files = withStart('  on: [Page Viewed, Cart Updated]\n', 'exit: { on: Order Completed, same: order_id }\n');
  expect(await notesOn(files)).toEqual([
    'journeys/rappel.yaml 3 "Page Viewed", "Cart Updated" usually carry no order_id: then nothing is the same',
  ]);
  const carried = withStart('  on: [Page Viewed, Order Ready for Pickup]\n', 'exit: { on: Order Picked Up, same: order_id }\n');
  expect(await notesOn(carried)).toEqual([]);
});

describe('the day of a campaign', () => {
  test.each<[string, readonly string[]]>([
    ['2026-11-24', []],
    ['2026-11-25', []],
    [
      '2026-11-22',
      [
        'campaigns/soldes.yaml 3 2026-11-22 is past: this campaign sends nothing any more → remove the file, or write another day',
      ],
    ],
    ['2029-01-01', ['campaigns/soldes.yaml 3 2029-01-01 is more than two years away']],
  ])('%s', async (day, notes) => {
    expect(await notesOn(campaign(`on: ${day}\n`))).toEqual(notes);
  });

  test('is not asked where nobody knows what day it is, nor of one that is switched off', async () => {
    const past = campaign('on: 2020-01-01\n');
    expect((await checkFiles(smallConfig(past))).kind).toBe('good');
    expect(await checkFiles(smallConfig(past))).toMatchObject({ notes: [] });
    expect(await notesOn(campaign('on: 2020-01-01\nactive: false\n'))).toEqual([]);
  });
});

test('a campaign whose template is transactional', async () => {
  const files = {
    ...campaign('on: 2026-12-24\n'),
    'templates/rappel/email.fr.mjml': email.replace('marketing', 'transactional'),
  };
  expect(await notesOn(files)).toEqual([
    'campaigns/soldes.yaml 2 template "rappel" is transactional: it goes to people who never agreed to hear from you',
  ]);
});

test('levels whose data come later', async () => {
  const files = {
    'brand.yaml': brand.replace('maturity: 2', 'maturity: 4'),
    'segments/a.yaml': 'when:\n  any:\n    - predicted.churn: { gte: 0.5 }\n    - context.weather: rain\n',
  };
  expect(await notesOn(files)).toEqual([
    'segments/a.yaml 3 nothing tells "predicted.churn" yet: it is missing for everybody',
    'segments/a.yaml 4 nothing tells "context.weather" yet: it is missing for everybody',
  ]);
});

describe('what conditions keep with each person', () => {
  const kept = async (files: Readonly<Record<string, string>>) => keptStates((await good(files)).config);
  const start = (times: number, same = ''): Record<string, string> =>
    withStart(`  did: Product Viewed\n  times: ${times}\n  within: 14 days\n${same}  rest: 14 days\n`);

  test('is nothing where nothing is counted at once', async () => {
    const files = {
      'segments/a.yaml': 'when: { did: Order Completed }\n',
      'journeys/rappel.yaml': 'start: { on: Cart Updated }\nsteps:\n  - if: { in: a }\n    then: [{ send: rappel }]\n',
    };
    expect(await kept(files)).toEqual({ counted: 0, usual: 0, most: 0, largest: '' });
  });

  test.each<[string, Record<string, string>]>([
    ['a start', start(3)],
    ['the where of a start', withStart('  on: Cart Updated\n  where: { did: Order Completed }\n')],
    ['an exit', withStart('  on: Cart Updated\n', 'exit: { on: Order Completed, where: { did: Page Viewed } }\n')],
    [
      'a segment that starts a journey',
      { ...withStart('  entered: a\n'), 'segments/a.yaml': 'when: { not: { did: Order Completed } }\n' },
    ],
    [
      'a wait for an event',
      {
        'journeys/rappel.yaml':
          'start: { on: Cart Updated }\nsteps:\n  - wait for: Page Viewed\n    where: { did: Order Completed }\n    at most: 1 day\n  - send: rappel\n',
      },
    ],
  ])('is counted for %s', async (_what, files) => {
    const { counted, usual, most } = await kept(files);
    expect(counted).toBe(1);
    expect(usual).toBeGreaterThan(40);
    expect(most).toBe(usual); // no values to tell apart
  });

  test('is counted once for two rules that count alike', async () => {
    const files = { ...start(3), 'journeys/autre.yaml': start(3)['journeys/rappel.yaml']! };
    expect((await kept(files)).most).toBe((await kept(start(3))).most);
  });

  test('grows with the count, and with values that are told apart', async () => {
    const [three, thirty, apart] = [await kept(start(3)), await kept(start(30)), await kept(start(3, '  same: category\n'))];
    expect(thirty.most).toBeGreaterThan(three.most + 27 * 4); // a time costs more than four bytes
    expect(apart.usual).toBeGreaterThan(three.usual);
    expect(apart.most).toBeGreaterThan(200 * 3 * 4);
  });

  test('is noted with its price where somebody needs a second write unit', async () => {
    expect(await notesOn(start(3))).toEqual([]);
    const [note] = await notesOn(start(3, '  same: category\n'));
    expect(note).toMatch(
      /^journeys\/rappel\.yaml 1 conditions on what people did keep about \d+ bytes with a person, at most \d{4}: above 524 each event costs up to [3-6] write units more/,
    );
    const { notes } = await good(start(3, '  same: category\n'));
    expect(notes[0]?.expected).toMatch(/^at the most 0\.[234]\d \$ for 100,000 events/);
  });
});

test('notes are no part of what goes live', async () => {
  const { config } = await good(withStart('  on: Rendez-vous pris\n'));
  expect(Object.keys(config satisfies Omit<Config, 'generation'>).toSorted()).toEqual([
    'brand',
    'campaigns',
    'journeys',
    'segments',
  ]);
});
