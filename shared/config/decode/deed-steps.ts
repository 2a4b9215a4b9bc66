/**
 * Steps that do something besides writing to the person: split, set, tags, webhook, task, goal.
 */
import * as v from 'valibot';
import { emailAddress } from './address-words.ts';
import { checkedText, fields, oneOrMany, prose, say, shown, text, together, type KeyComplaint } from './fields.ts';
import { staffLiquidFindings } from '../compile/liquid-check.ts';
import { isName, nameInstead } from './names.ts';
import type { WrittenStep, WrittenVariant } from './written-step.ts';

type StepSchema = v.GenericSchema<unknown, WrittenStep>;
type StepsSchema = v.GenericSchema<unknown, readonly WrittenStep[]>;

const label = (what: string) =>
  checkedText(what, (name) =>
    isName(name) ? undefined : say(`"${name}" cannot be a name`, 'small letters, digits and dashes', nameInstead('write', name)),
  );

const maxWeight = 1_000_000;

const weight: v.GenericSchema<unknown, number> = v.pipe(
  v.union([v.number(), v.string()], (issue) => say(`${shown(issue.input)} is not a weight`, 'a whole number such as 50')),
  v.description('its share, beside the others: a whole number such as 50'),
  v.rawTransform<string | number, number>(({ dataset, addIssue, NEVER }) => {
    const written = String(dataset.value).trim();
    if (/^[1-9]\d{0,6}$/.test(written) && Number(written) <= maxWeight) return Number(written);
    const meant = /^([1-9]\d{0,5})\s*%$/.exec(written)?.[1];
    const suggestion = meant === undefined ? '' : `write ${meant}`;
    addIssue({ message: say(`${shown(dataset.value)} is not a weight`, `a whole number from 1 to ${maxWeight}`, suggestion) });
    return NEVER;
  }),
);

/** a, b, c …: variants without a name. */
const letter = (index: number): string => String.fromCodePoint(97 + index);
const maxVariants = 26;

export const split = (nested: StepsSchema): StepSchema => {
  const variant = fields(
    'a variant',
    { name: v.optional(label('the name of the variant')), weight, steps: v.optional(nested) },
    { hints: { send: insideSteps('send'), wait: insideSteps('wait') } },
  );
  const variants = v.pipe(
    v.array(variant, (issue) =>
      say(
        `${shown(issue.input)} stands where variants are expected`,
        'a list with dashes: weight: and steps: of each',
        'write - weight: 50',
      ),
    ),
    v.check((given) => given.length >= 2, say('there is nothing to choose from', 'at least two variants')),
    v.check((given) => given.length <= maxVariants, say('these are too many variants', `at most ${maxVariants}`)),
    v.transform((given): readonly WrittenVariant[] =>
      given.map(({ name, weight: share, steps }, index) => ({ name: name ?? letter(index), weight: share, steps: steps ?? [] })),
    ),
    v.check(
      (given) => new Set(given.map(({ name }) => name)).size === given.length,
      say('two variants have one name', 'a name for each'),
    ),
  );
  return v.pipe(
    fields('a step that splits', { split: variants }),
    v.transform((given): WrittenStep => ({ kind: 'split', variants: given.split })),
  );
};

function insideSteps(word: string): string {
  return say(`"${word}" stands beside steps`, 'steps: and steps with dashes below', `write steps: and below it "- ${word}:"`);
}

/** Addresses and consent come from people, never from a journey. */
const notToSet: ReadonlyMap<string, string> = new Map([
  ['email', 'addresses come from sources alone'],
  ['phone', 'addresses come from sources alone'],
  ['consent', 'consent comes from people alone'],
  ['tags', 'tags have steps of their own: add tag, remove tag'],
]);

const hasLiquid = (value: string | number | boolean): boolean => typeof value === 'string' && /\{\{|\{%/.test(value);

const traitValue: v.GenericSchema<unknown, string | number | boolean> = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], (issue) =>
    say(`${shown(issue.input)} stands where a value is expected`, 'a text, a number, true or false'),
  ),
  v.description('the value'),
  v.check((value) => value !== '', say('the text is empty', 'a text, a number, true or false')),
  v.check((value) => !hasLiquid(value), say('a trait is set to what stands here: Liquid is not read', 'the value itself')),
);

type Traits = Readonly<Record<string, string | number | boolean>>;
type TraitsSchema = v.GenericSchema<unknown, Traits>;

const notTraits = (input: unknown): string =>
  say(`${shown(input)} stands where traits are expected`, 'traits and values such as { vip: true }', 'write set: { vip: true }');

const someTraits: TraitsSchema = together(
  v.pipe(
    v.record(v.string(), traitValue, (issue) => notTraits(issue.input)),
    v.description('traits and their values, such as { vip: true }'),
  ),
  traitComplaints,
);

const noTraits: TraitsSchema = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Traits>(({ dataset, addIssue, NEVER }) => {
    addIssue({ message: notTraits(dataset.value) });
    return NEVER;
  }),
);

const traits: TraitsSchema = v.lazy((input: unknown): TraitsSchema => (Array.isArray(input) ? noTraits : someTraits));

const isTrait = (name: string): boolean => /^[\p{L}\p{N}_ -]{1,60}$/u.test(name);

function traitComplaints(written: Readonly<Record<string, unknown>>): readonly KeyComplaint[] {
  const names = Object.keys(written);
  if (names.length === 0) return [{ key: '', message: say('nothing is set', 'traits and values such as { vip: true }') }];
  return names.flatMap((key) => {
    const why = notToSet.get(
      key
        .replace(/^traits\./, '')
        .split('.')[0]
        ?.toLowerCase() ?? '',
    );
    if (why !== undefined) return [{ key, message: say(`"${key}" cannot be set: ${why}`, 'another trait') }];
    if (isTrait(key)) return [];
    const meant = key.replace(/^traits\./, '');
    const message = say(
      `"${key}" cannot be the name of a trait`,
      'letters, digits, _ and -',
      isTrait(meant) ? `write ${meant}` : '',
    );
    return [{ key, message }];
  });
}

export const set: StepSchema = v.pipe(
  fields('a step that sets traits of the person', { set: traits }),
  v.transform((given): WrittenStep => ({ kind: 'set', traits: given.set })),
);

const tag = checkedText('a tag such as vip', (name) => {
  if (/^[\p{L}\p{N}_ -]{1,60}$/u.test(name)) return undefined;
  const several = name.split(/ *, */);
  const suggestion = several.length > 1 && several.every(isTrait) ? `write [${several.join(', ')}]` : '';
  return say(`"${name}" cannot be a tag`, 'letters, digits, spaces, _ and -, at most 60', suggestion);
});
const tags = oneOrMany(tag);

export const tagging: StepSchema = v.pipe(
  fields('a step that adds or removes tags', { 'add tag': v.optional(tags), 'remove tag': v.optional(tags) }),
  v.transform((given): WrittenStep => ({
    kind: 'tag',
    add: [...new Set(given['add tag'])],
    remove: [...new Set(given['remove tag'])],
  })),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.kind !== 'tag') return;
    const { add, remove } = dataset.value;
    const both = add.find((name) => remove.includes(name));
    if (both !== undefined) addIssue({ message: say(`"${both}" is added and removed at once`, 'one of the two', 'remove one') });
  }),
);

const expectedUrl = 'an address such as https://example.fr/hook';

const url = checkedText(expectedUrl, (written) => {
  if (hasLiquid(written)) return say('the address is used as it stands: Liquid is not read', expectedUrl);
  const meant = URL.canParse(written) ? new URL(written) : undefined;
  if (meant === undefined || /\s/.test(written) || !/^https?:$/.test(meant.protocol)) {
    const isBare = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/\S*)?$/i.test(written);
    return say(`"${written}" is not an address`, expectedUrl, isBare ? `write https://${written}` : '');
  }
  if (meant.username !== '' || meant.password !== '')
    return say('a password stands in the address', 'an address without one: each call is signed', 'remove the name and password');
  const isHere = meant.hostname === 'localhost' || meant.hostname === '127.0.0.1' || meant.hostname === '[::1]';
  if (meant.protocol === 'https:' || isHere) return undefined;
  return say(`"${written}" is not encrypted`, 'https://', `write ${written.replace(/^http:/i, 'https:')}`);
});

export const webhook: StepSchema = v.pipe(
  fields('a step that calls another program, signed', { webhook: url }),
  v.transform((given): WrittenStep => ({ kind: 'webhook', url: given.webhook })),
);

/** Words of staff's e-mail: what people are called and bought is put in by Liquid. */
const withLiquid = v.rawCheck<string>(({ dataset, addIssue }) => {
  if (!dataset.typed) return;
  for (const { problem, expected, suggestion } of staffLiquidFindings(dataset.value))
    addIssue({ message: say(problem, expected, suggestion) });
});

export const task: StepSchema = v.pipe(
  fields('a step for a human', {
    task: fields('something for a human to do', {
      to: emailAddress('the address of whoever does it'),
      subject: v.pipe(prose('the subject of their e-mail'), withLiquid),
      text: v.pipe(text('what is to be done'), withLiquid),
    }),
  }),
  v.transform((given): WrittenStep => ({
    kind: 'task',
    to: given.task.to,
    subject: given.task.subject,
    text: given.task.text.trim(),
  })),
);

export const goal: StepSchema = v.pipe(
  fields('a step that notes a goal as reached', { goal: label('the name of the goal') }),
  v.transform((given): WrittenStep => ({ kind: 'goal', name: given.goal })),
);
