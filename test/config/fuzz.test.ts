/**
 * Whatever somebody does to a good config, the check answers: with problems that lie inside its files, or with a config that the
 * store gives back as it is.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkFiles, type Checked } from '../../shared/config/check-config.ts';
import type { Config } from '../../shared/config/config.ts';
import { readFolder } from '../../shared/config/read-folder.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import { depthOf } from '../../shared/kernel/json-depth.ts';
import { maxDepth, parseJson } from '../../shared/kernel/json.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { isFull } from '../prove/figures.ts';
import { bigConfig } from './big-config.ts';
import { email } from './small-config.ts';

type Files = ReadonlyMap<string, string>;
const now = Date.parse('2026-11-24T09:00:00Z');

/** Words and values that people put in the place of others. */
const words = [
  ...['on', 'did', 'did not', 'times', 'within', 'where', 'same', 'in', 'not in', 'entered', 'left', 'date', 'api', 'existing'],
  ...['once', 'once per', 'rest', 'late', 'every', 'at', 'zone', 'before', 'after', 'wait', 'wait until', 'wait for', 'at most'],
  ...['send', 'channels', 'if', 'then', 'else', 'split', 'weight', 'steps', 'set', 'add tag', 'webhook', 'task', 'goal', 'exit'],
  ...['all', 'any', 'not', 'anniversary', 'any of', 'gte', 'eq', 'exists', 'when', 'segment', 'throttle', 'active', 'start'],
];
const values = [
  ...[
    '',
    '~',
    'null',
    '0',
    '-1',
    '1e9',
    '99999999',
    '""',
    "''",
    '[]',
    '{}',
    '[[]]',
    '{ a: { b: c } }',
    'true',
    'non',
    '"\\u0000"',
  ],
  ...['constructor', '__proto__', 'toString', '{{ x }}', '2026-02-30', '10:00', '25h', '7 days', '0 days', 'in 7 days', '01000'],
  ...[
    'fideles',
    'presents',
    'rappel',
    'cart.value',
    'event.total',
    'predicted.x',
    'a.b.c',
    '..',
    'é'.repeat(300),
    '\u{1f600}',
    '&a',
    '*a',
  ],
  ...['first tuesday', '31', 'Order Completed', 'Identify', '[Order Completed, Cart Updated]', '{ gte: 3 }', '{ in: fideles }'],
];

type Edit = (lines: readonly string[], at: number) => readonly string[];
const without: Edit = (lines, at) => lines.toSpliced(at, 1);
const twice: Edit = (lines, at) => lines.toSpliced(at, 0, lines[at] ?? '');
const deeper: Edit = (lines, at) => lines.with(at, `  ${lines[at] ?? ''}`);
const flatter: Edit = (lines, at) => lines.with(at, (lines[at] ?? '').replace(/^ {1,2}/, ''));
const swapped: Edit = (lines, at) =>
  lines.map((line, index) => (index === at ? (lines[at + 1] ?? '') : index === at + 1 ? (lines[at] ?? '') : line));
const joined: Edit = (lines, at) => lines.toSpliced(at, 2, `${lines[at] ?? ''} ${(lines[at + 1] ?? '').trim()}`);
const withWord =
  (word: string): Edit =>
  (lines, at) =>
    lines.with(
      at,
      (lines[at] ?? '').replace(/[\p{L} ]+(?=:)/u, (name) => name.replace(name.trim(), word)),
    );
const withValue =
  (value: string): Edit =>
  (lines, at) =>
    lines.with(at, (lines[at] ?? '').replace(/: .*$/, `: ${value}`));
const inside =
  (value: string, place: number): Edit =>
  (lines, at) =>
    lines.with(at, `${(lines[at] ?? '').slice(0, place)}${value}${(lines[at] ?? '').slice(place)}`);

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constantFrom(without, twice, deeper, flatter, swapped, joined),
  fc.constantFrom(...words).map(withWord),
  fc.constantFrom(...values).map(withValue),
  fc
    .tuple(fc.constantFrom(':', ' #', '"', "'", '{', ']', ',', '\t', '- ', '\u00a0', '|', '%'), fc.nat(60))
    .map(([text, place]) => inside(text, place)),
);

function edited(files: Files, path: string, edits: readonly (readonly [number, Edit])[]): Files {
  const text = edits.reduce<readonly string[]>(
    (lines, [place, edit]) => edit(lines, place % Math.max(1, lines.length)),
    (files.get(path) ?? '').split('\n'),
  );
  return new Map([...files, [path, text.join('\n')]]);
}

/** Problems stand where somebody can find them. */
function expectPlaced(checked: Checked, files: Files): void {
  for (const { file, line, column, problem, expected } of checked.kind === 'bad' ? checked.problems : checked.notes) {
    const lines = files.get(file)?.split('\n') ?? [''];
    expect({
      file,
      problem,
      inside: line >= 1 && line <= lines.length && column >= 1,
      said: problem !== '' && expected !== '',
    }).toEqual({
      file,
      problem,
      inside: true,
      said: true,
    });
  }
}

function conditionsOf(step: Step): readonly Condition[] {
  if (step.kind === 'branch') return [step.condition];
  return step.kind === 'wait-event' && step.pattern.where !== undefined ? [step.pattern.where] : [];
}

/** A segment that was never filled in would hold for everybody. */
function expectFilled(condition: Condition): void {
  if (condition.kind === 'all' || condition.kind === 'any') {
    expect(condition.of.length).toBeGreaterThan(0);
    condition.of.forEach(expectFilled);
  }
  if (condition.kind === 'not' || condition.kind === 'segment') expectFilled(condition.of);
}

function expectWhole({ brand, journeys, segments, campaigns }: Omit<Config, 'generation'>): void {
  const text = JSON.stringify({ brand, journeys, segments, campaigns });
  expect(depthOf(text)).toBeLessThan(maxDepth);
  expect(parseJson(text)).toEqual(JSON.parse(text));
  expect(JSON.parse(text)).toEqual({ brand, journeys, segments, campaigns });
  for (const { when } of segments) expectFilled(when);
  for (const { campaign, templates } of campaigns) {
    expectFilled(campaign.when);
    expect(Object.keys(templates)).toEqual([campaign.template]);
    expect(campaign.channels.length).toBeGreaterThan(0);
  }
  for (const { journey, templates } of journeys) {
    const { start, exit, steps } = journey;
    const conditions = [start.where, exit?.where, ...steps.flatMap(conditionsOf)].filter((condition) => condition !== undefined);
    conditions.forEach(expectFilled);
    if (start.cause.kind === 'segment') expectFilled(start.cause.when);
    const counted = start.cause.kind === 'did' ? start.cause.did.events : start.on;
    expect(start.on).toEqual(counted);
    for (const [index, step] of steps.entries()) {
      const targets = [
        ...('otherwise' in step ? [step.otherwise] : []),
        ...(step.kind === 'jump' ? [step.to] : []),
        ...(step.kind === 'split' ? step.variants.map(({ to }) => to) : []),
      ];
      for (const target of targets) expect(target > index && target <= steps.length).toBe(true);
      const isSendable = step.kind !== 'send' || (step.channels.length > 0 && Object.hasOwn(templates, step.template));
      expect(isSendable).toBe(true);
    }
  }
}

/** MJML takes most of the time, and nothing of it is edited here. */
const withShortMails = (files: Files): Files =>
  new Map([...files].map(([path, text]) => [path, path.endsWith('.mjml') ? text.replace(/<mjml[\s\S]*/, shortBody) : text]));
const shortBody = email.slice(email.indexOf('<mjml>'));

const stock = fileURLToPath(new URL('../../config', import.meta.url));

describe.each<[string, () => Promise<Files>]>([
  ['the stock config', async () => withShortMails((await readFolder(stock)).files)],
  ['a config of every word', () => Promise.resolve(new Map(Object.entries(bigConfig)))],
])('%s', (_what, read) => {
  let files: Files = new Map();
  beforeAll(async () => {
    files = await read();
  });

  test('is good, and goes through the store', async () => {
    const checked = await checkFiles(files, [], now);
    expect(checked.kind === 'bad' ? checked.problems : []).toEqual([]);
    if (checked.kind === 'good') expectWhole(checked.config);
  });

  test('edited by anybody is either refused inside its files or still whole', { timeout: 600_000 }, async () => {
    const seen = { good: 0, bad: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(200), anyEdit), { minLength: 1, maxLength: 3 }),
        async (pick, edits) => {
          const paths = [...files.keys()].filter((path) => path.endsWith('.yaml'));
          const after = edited(files, paths[pick % paths.length] ?? 'brand.yaml', edits);
          const checked = await checkFiles(after, [], now);
          expectPlaced(checked, after);
          if (checked.kind === 'good') expectWhole(checked.config);
          seen[checked.kind]++;
        },
      ),
      { numRuns: isFull ? 5_000 : 300 },
    );
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(20); // both ways were gone
  });

  test('means the same however its files are ordered', async () => {
    const [once, again] = await Promise.all([checkFiles(files), checkFiles(new Map([...files].toReversed()))]);
    expect(again).toEqual(once);
  });
});

test('the big config uses every word of the language', async () => {
  const schemas = ['brand', 'journey', 'segment', 'campaign'].map((name) =>
    readFile(fileURLToPath(new URL(`../../config/schemas/${name}.json`, import.meta.url)), 'utf8'),
  );
  const known = (await Promise.all(schemas)).flatMap((schema) => [...propertiesOf(JSON.parse(schema))]);
  const written = Object.values(bigConfig).join('\n');
  expect([...new Set(known)].filter((word) => !new RegExp(`(?:^|[\\s{,-])${word}:`, 'm').test(written))).toEqual([]);
});

function* propertiesOf(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('properties' in schema && typeof schema.properties === 'object' && schema.properties !== null)
    yield* Object.keys(schema.properties);
  for (const part of Object.values(schema)) yield* propertiesOf(part);
}
