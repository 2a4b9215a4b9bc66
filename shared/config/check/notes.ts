/**
 * What is good and may still surprise: said by `relance check`, and no reason to refuse anything.
 */
import type { Schedule } from '../../campaigns/campaign.ts';
import { raised } from '../../journeys/journey.ts';
import { after, before, parseInstant, type Instant } from '../../kernel/time.ts';
import { knownEvents } from '../decode/event-words.ts';
import { nearest } from '../decode/spelling.ts';
import type { Config } from '../config.ts';
import { allSteps, conditionsOf, fieldIn, leavesOf, stepsOf, textsIn, type RawField } from '../decode/written-tree.ts';
import { startOfFile, type ConfigProblem } from '../problem.ts';
import { dollarsPerUnit, keptStates, unitBytes, usualHotState, type KeptStates } from './kept-states.ts';
import { atKey, atValue, isOff, type JourneyFile, type Room } from './room.ts';

/** `now`: absent where nobody knows it; then nothing is said about days that are past. */
export const notesOn = (room: Room, config: Omit<Config, 'generation'>, now?: Instant): readonly ConfigProblem[] => [
  ...eventNotes(room),
  ...room.journeys.flatMap((journey) => [...propertyNotes(journey), ...sameNotes(journey)]),
  ...campaignNotes(room, now),
  ...levelNotes(room),
  ...stateNotes(keptStates(config)),
];

interface Named {
  readonly holder: JourneyFile;
  readonly text: string;
  readonly path: readonly (string | number)[];
}

/** So many names are not compared with each other: it would take minutes. */
const mostTwins = 200;

/** Events of the owner's own are welcome; that somebody must send them under exactly this name is easily forgotten. */
function eventNotes({ journeys, segments }: Room): readonly ConfigProblem[] {
  const named = [...journeys, ...segments].flatMap((holder) =>
    eventsIn(holder.document.value).map((event) => ({ holder, ...event })),
  );
  const own = named.filter(({ text }) => !knownEvents.includes(text) && !Object.values<string>(raised).includes(text));
  const first = new Map<string, (typeof own)[number]>();
  for (const event of own) if (!first.has(event.text)) first.set(event.text, event);
  const names = [...first.keys()];
  return [...first.values()].map(({ holder, text, path }) => {
    const others = names.length > mostTwins ? [] : names.filter((name) => name !== text);
    const twin = nearest(text, others, text.length >= 8 ? 2 : 1);
    return atValue(holder, path, {
      problem:
        twin === undefined
          ? `"${text}" is an event of your own: it happens only if your site, shop or app sends it under exactly this name`
          : `"${text}" and "${twin}" are two events of your own with nearly one name`,
      expected: 'a name that something sends',
      suggestion: twin === undefined ? '' : `did you mean "${twin}"?`,
    });
  });
}

function eventsIn(document: JourneyFile['document']['value']): readonly Pick<Named, 'text' | 'path'>[] {
  const top = { value: document, path: [] };
  const present = (field: RawField | undefined): readonly RawField[] => (field === undefined ? [] : [field]);
  const holders = [...present(fieldIn(top, 'start')), ...present(fieldIn(top, 'exit')), ...allSteps(stepsOf(document))];
  const words = ['on', 'did', 'restart on', 'wait for'];
  const inHolders = holders.flatMap((holder) => words.flatMap((word) => textsIn(fieldIn(holder, word))));
  const conditions = [...conditionsOf(document), ...present(fieldIn(top, 'when'))];
  const inConditions = conditions
    .flatMap(leavesOf)
    .filter(({ word }) => word === 'did' || word === 'did not')
    .flatMap(textsIn);
  return [...inHolders, ...inConditions];
}

/** Names that the spec gives to properties of events: a trait of that name is rare. */
const properties = [
  ...[
    'order_id',
    'checkout_id',
    'cart_id',
    'product_id',
    'sku',
    'category',
    'brand',
    'variant',
    'products',
    'price',
    'quantity',
    'coupon',
  ],
  ...[
    'total',
    'revenue',
    'subtotal',
    'discount',
    'shipping',
    'tax',
    'affiliation',
    'channel',
    'url',
    'path',
    'referrer',
    'query',
  ],
  ...['store', 'store_id', 'payment_method', 'list_id', 'ticket_id', 'survey_id', 'score'],
];

/** `where: { total: … }` of a start looks at the person: nearly always the event was meant. */
function propertyNotes(journey: JourneyFile): readonly ConfigProblem[] {
  const conditions = conditionsOf(journey.document.value).filter(({ path }) => path.at(-1) === 'where');
  return conditions.flatMap(leavesOf).flatMap(({ word, path }) => {
    if (!properties.includes(word)) return [];
    return [
      atKey(journey, path, {
        problem: `"${word}" is read as a trait of the person here`,
        expected: 'event. before a property of the event, traits. before a trait',
        suggestion: `write event.${word}, or traits.${word} if the trait is meant`,
      }),
    ];
  });
}

/** Ids that only some events of the vocabulary carry. */
const carriers: readonly (readonly [string, RegExp])[] = [
  ['order_id', /^(?:Order|Checkout|Payment|Coupon|Promotion|Product Reviewed)/],
  ['ticket_id', /^Ticket/],
  ['survey_id', /^Survey/],
];

/** An exit by `same` never comes where the starting event has no such value. */
function sameNotes(journey: JourneyFile): readonly ConfigProblem[] {
  const top = { value: journey.document.value, path: [] };
  const start = fieldIn(top, 'start');
  const events =
    start === undefined ? [] : [...textsIn(fieldIn(start, 'on')), ...textsIn(fieldIn(start, 'did'))].map(({ text }) => text);
  const exit = fieldIn(top, 'exit');
  const holders = [...(exit === undefined ? [] : [exit]), ...allSteps(stepsOf(journey.document.value))];
  return holders
    .flatMap((holder) => textsIn(fieldIn(holder, 'same')))
    .flatMap(({ text, path }) => {
      const pattern = carriers.find(([property]) => property === text.replace(/^event\./, ''))?.[1];
      const without = events.filter((event) => knownEvents.includes(event) && pattern?.test(event) === false);
      if (events.length === 0 || without.length < events.length) return [];
      return [
        atValue(journey, path, {
          problem: `"${without.join('", "')}" usually ${without.length > 1 ? 'carry' : 'carries'} no ${text}: then nothing is the same`,
          expected: 'a property that the starting event carries',
          suggestion: '',
        }),
      ];
    });
}

function campaignNotes({ campaigns, templates, brand }: Room, now: Instant | undefined): readonly ConfigProblem[] {
  return campaigns.flatMap((campaign) => {
    if (campaign.value === undefined || isOff(campaign)) return [];
    const { schedule, template } = campaign.value;
    const dated = now === undefined || brand.value === undefined ? undefined : dayNote(schedule, now, brand.value.timeZone);
    const isOwed = templates.get(template)?.template?.purpose === 'transactional';
    return [
      ...(dated === undefined ? [] : [atValue(campaign, ['on'], dated)]),
      ...(isOwed
        ? [
            atValue(campaign, ['send'], {
              problem: `template "${template}" is transactional: it goes to people who never agreed to hear from you`,
              expected: 'purpose: marketing, unless everybody is owed this message',
              suggestion: '',
            }),
          ]
        : []),
    ];
  });
}

/** A campaign that has gone out may stay in the folder: that its day is past is no mistake. */
function dayNote(schedule: Schedule, now: Instant, zone: string) {
  if (schedule.kind !== 'once') return undefined;
  const noon = parseInstant(`${schedule.day}T12:00:00Z`) ?? now;
  const day = { count: 1, unit: 'days' } as const;
  if (noon < before(now, day, zone))
    return {
      problem: `${schedule.day} is past: this campaign sends nothing any more`,
      expected: 'a day to come',
      suggestion: 'remove the file, or write another day',
    };
  const isFar = noon > after(now, { count: 2, unit: 'years' }, zone);
  return isFar
    ? { problem: `${schedule.day} is more than two years away`, expected: 'a day to come', suggestion: '' }
    : undefined;
}

/** Levels 3 and 4 have their words, and no data yet. */
function levelNotes({ journeys, segments }: Room): readonly ConfigProblem[] {
  const conditions = [
    ...journeys.flatMap((holder) => conditionsOf(holder.document.value).map((condition) => ({ holder, condition }))),
    ...segments.flatMap((holder) => {
      const when = fieldIn({ value: holder.document.value, path: [] }, 'when');
      return when === undefined ? [] : [{ holder, condition: when }];
    }),
  ];
  return conditions.flatMap(({ holder, condition }) =>
    leavesOf(condition).flatMap(({ word, path }) => {
      const what = /^(predicted|context)\./.exec(word)?.[1];
      if (what === undefined) return [];
      const problem = `nothing tells "${word}" yet: it is missing for everybody`;
      const expected = what === 'predicted' ? 'predictions, which come later' : 'data of the moment, which comes later';
      return [atKey(holder, path, { problem, expected, suggestion: '' })];
    }),
  );
}

function stateNotes({ counted, usual, most, largest }: KeptStates): readonly ConfigProblem[] {
  const bytes = usualHotState + most;
  if (counted === 0 || bytes <= unitBytes) return [];
  const units = Math.ceil(bytes / unitBytes) - 1;
  const dollars = (units * 100_000 * dollarsPerUnit).toFixed(2);
  return [
    {
      file: `${largest}.yaml`,
      ...startOfFile,
      problem: `conditions on what people did keep about ${usual} bytes with a person, at most ${most}: above ${unitBytes - usualHotState} each event costs up to ${units} write unit${units === 1 ? '' : 's'} more`,
      expected: `at the most ${dollars} $ for 100,000 events of people who reach the limit`,
      suggestion: largest === '' ? '' : 'less with a smaller times, a shorter within, or without same',
    },
  ];
}
