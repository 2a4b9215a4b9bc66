/** Files that are well by themselves and cannot live together: circles, loops, levels, languages, conditions that grow. */
import type { Broken } from './broken.ts';
import { brand, email } from './small-config.ts';

const when = (condition: string): string => `when: ${condition}\n`;
const level = (maturity: number): string => brand.replace('maturity: 2', `maturity: ${maturity}`);
const chain = (length: number, link: (before: string) => string): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => {
      const name = (at: number): string => `s${String(at).padStart(2, '0')}`;
      return [`segments/${name(index)}.yaml`, index === 0 ? when('{ city: Lyon }') : link(name(index - 1))];
    }),
  );

const loops: readonly Broken[] = [
  {
    why: 'two journeys that start each other',
    files: {
      'journeys/a.yaml': 'start: { entered: vip }\nsteps:\n  - set: { vip: false }\n',
      'journeys/b.yaml': 'start: { left: vip }\nsteps:\n  - set: { vip: true }\n',
      'segments/vip.yaml': when('{ vip: true }'),
    },
    says: ['1 journeys start each other without end: a, b (vip) → write once: true in the start of a'],
  },
  {
    why: 'a journey that starts itself by a tag',
    files: {
      'journeys/a.yaml': 'start:\n  entered: vip\nsteps:\n  - remove tag: vip\n  - wait: 1 day\n  - add tag: vip\n',
      'segments/vip.yaml': when('{ tags: { contains: vip } }'),
    },
    says: ['2 journeys start each other without end: a → a (tag vip) → write once: true in the start of a'],
  },
  {
    why: 'a journey that starts whenever a trait is set, and sets one',
    files: { 'journeys/a.yaml': 'start: { on: Identify }\nsteps:\n  - set: { vu: true }\n' },
    says: ['1 journeys start each other without end: a → a (vu) → write once: true in the start of a'],
  },
  {
    why: 'a journey that counts what it does itself',
    files: { 'journeys/a.yaml': 'start:\n  did: Identify\n  once: false\n  rest: 1 day\nsteps:\n  - set: { vu: true }\n' },
    says: ['4 rest counts from the last message of this journey, and it sends none → write once per: instead of rest:'],
  },
  {
    why: 'a journey that calls itself',
    files: { 'journeys/a.yaml': 'start: { api: true }\nsteps:\n  - webhook: https://api.atelier.fr/v1/journeys/a/start\n' },
    says: ['1 journeys start each other without end: a → a (call of a) → write once: true in the start of a'],
  },
  {
    why: 'three journeys in a circle, through a segment of segments',
    files: {
      'journeys/a.yaml': 'start: { entered: un }\nsteps:\n  - set: { deux: true }\n',
      'journeys/b.yaml': 'start: { entered: deux }\nsteps:\n  - set: { un: false }\n',
      'journeys/c.yaml': 'start: { left: un }\nsteps:\n  - set: { un: true }\n',
      'segments/un.yaml': when('{ un: true }'),
      'segments/deux.yaml': when('{ in: un, deux: true }'),
    },
    says: ['journeys/b.yaml 1 journeys start each other without end: b, c (un) → write once: true in the start of b'],
  },
];

const circles: readonly Broken[] = [
  {
    why: 'three segments in a circle, and one beside it',
    files: {
      'segments/b.yaml': when('{ not in: [c] }'),
      'segments/c.yaml': 'when:\n  any:\n    - city: Lyon\n    - in: a\n',
      'segments/a.yaml': 'when:\n  all:\n    - in: [d, b]\n',
      'segments/d.yaml': when('{ city: Lyon }'),
    },
    says: ['segments/a.yaml 3 segment "a" asks for itself: a → b → c → a → remove one of these'],
  },
  {
    why: 'segments that double at each step',
    files: chain(30, (before) => `when:\n  any:\n    - in: ${before}\n    - not in: ${before}\n`),
    says: ['segments/s09.yaml 1 this asks 2556 conditions, segments included → ask for less'],
  },
  {
    why: 'segments that go deep',
    files: chain(60, (before) => when(`{ in: ${before} }`)),
    says: ['segments/s46.yaml 1 this is 49 conditions deep, segments included → ask for less'],
  },
];

const levels: readonly Broken[] = [
  {
    why: 'what people did, on level 1',
    files: {
      'segments/boutique.yaml': 'when:\n  all:\n    - city: Lyon\n    - did: Order Completed\n',
      'brand.yaml': level(1),
      'journeys/rappel.yaml': undefined,
    },
    says: ['4 "did" is level 2, and brand.yaml allows level 1 → write maturity: 2 in brand.yaml'],
  },
  {
    why: 'a journey that asks what people did, on level 1: said once',
    files: {
      'journeys/rappel.yaml': 'start: { on: Cart Updated }\nsteps:\n  - if: { did: Page Viewed }\n    then: [{ send: rappel }]\n',
      'brand.yaml': level(1),
    },
    says: ['1 journeys are level 2, and brand.yaml allows level 1 → write maturity: 2 in brand.yaml'],
  },
  {
    why: 'a journey with a prediction, on level 1',
    files: {
      'journeys/rappel.yaml':
        'start:\n  on: Cart Updated\nsteps:\n  - if: { predicted.churn: { gte: 0.5 } }\n    then: [{ send: rappel }]\n',
      'brand.yaml': level(1),
    },
    says: [
      '1 journeys are level 2, and brand.yaml allows level 1 → write maturity: 2 in brand.yaml',
      '4 "predicted.churn" is level 3, and brand.yaml allows level 1 → write maturity: 3 in brand.yaml',
    ],
  },
  {
    why: 'the best time, on level 2',
    files: {
      'journeys/rappel.yaml': 'start: { on: Cart Updated }\nsteps:\n  - wait until: best time\n  - send: rappel\n',
    },
    says: ['3 "best time" is level 3, and brand.yaml allows level 2 → write maturity: 3 in brand.yaml'],
  },
  {
    why: 'the best time, on level 2, in a journey that is switched off',
    files: {
      'journeys/rappel.yaml': 'active: false\nstart: { on: Cart Updated }\nsteps:\n  - wait until: best time\n  - send: rappel\n',
    },
    says: ['4 "best time" is level 3, and brand.yaml allows level 2 → write maturity: 3 in brand.yaml'],
  },
  {
    why: 'the weather, on level 3, beside a brand with another mistake',
    files: { 'segments/pluie.yaml': when('{ context.weather: rain }'), 'brand.yaml': level(3).replace('EUR', 'euro') },
    says: [
      'brand.yaml 6 "euro" is not a currency code → write EUR',
      '1 "context.weather" is level 4, and brand.yaml allows level 3 → write maturity: 4 in brand.yaml',
    ],
  },
];

const counted = 'did: Product Viewed, same: product_id, times: 500, within: 13 months';
/** Each part puts the next one in twice: two million times the last. */
const parts = Object.fromEntries(
  Array.from({ length: 22 }, (_, index) => [
    `templates/_layout/p${index}.mjml`,
    index === 21 ? '' : `<mj-include path="p${index + 1}.mjml" />`.repeat(2),
  ]),
);

/** They fill memory, time or the store: told before they do. */
const large: readonly Broken[] = [
  {
    why: 'more than an item of the store holds, sixty times over',
    files: {
      'journeys/rappel.yaml': `start: { ${counted}, once: true }\nsteps: [{ send: rappel }]\n`,
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, at) => [
          `journeys/s${at}.yaml`,
          `start: { ${counted}, where: { sku: s${at} }, once: true }\nsteps: [{ send: rappel }]\n`,
        ]),
      ),
    },
    says: ['1 conditions on what people did keep up to 1371 KB with one person → less with a smaller times, or without same'],
  },
  {
    why: 'parts that include the next one twice',
    files: {
      'templates/_layout/p19.mjml': '',
      ...parts,
      'templates/rappel/email.fr.mjml': email.replace('<mj-text>', '<mj-include path="../_layout/p0.mjml" /><mj-text>'),
    },
    says: ['1 the e-mail is too large with all its parts → include less'],
  },
];

export const brokenTogether: readonly Broken[] = [
  ...large,
  ...loops,
  ...circles,
  ...levels,
  {
    why: 'a language that the brand asks for',
    files: { 'brand.yaml': `${brand}languages: [fr, en]\n` },
    says: ['templates/rappel/email.en.mjml 1 template "rappel" is missing in en → write templates/rappel/email.en.mjml'],
  },
  {
    why: 'languages that do not exist',
    files: { 'brand.yaml': `${brand}languages: [fra, zz]\n` },
    says: ['10 "fra" is not a language → write fr', '10 "zz" is not a language'],
  },
  {
    why: 'mistakes in every kind of file, all at once',
    files: {
      'segments/fideles.yaml': when('{ in: absent, orders.count: { gte: three } }'),
      'campaigns/soldes.yaml': 'segment: fidele\nsend: rapel\non: demain\n',
      'journeys/rappel.yaml': 'start: { entered: fidele }\nsteps:\n  - exit\n  - send: rapel\n  - wait: 30\n',
      'brand.yaml': brand.replace('maturity: 2', 'maturity: 1'),
    },
    says: [
      'campaigns/soldes.yaml 1 there is no segment "fidele" → did you mean "fideles"?',
      'campaigns/soldes.yaml 2 there is no template "rapel" → did you mean "rappel"?',
      'campaigns/soldes.yaml 3 "demain" is not a day',
      'journeys/rappel.yaml 1 journeys are level 2, and brand.yaml allows level 1 → write maturity: 2 in brand.yaml',
      'journeys/rappel.yaml 1 there is no segment "fidele" → did you mean "fideles"?',
      'journeys/rappel.yaml 4 this step is never reached: the one before always ends the journey',
      'journeys/rappel.yaml 4 there is no template "rapel" → did you mean "rappel"?',
      'journeys/rappel.yaml 5 "30" is not a duration → write 30 minutes',
      '1 there is no segment "absent" → write segments/absent.yaml',
      '1 "three" is not a number',
    ],
  },
];
