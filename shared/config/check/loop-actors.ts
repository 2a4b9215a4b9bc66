/**
 * A journey as far as it can start journeys: what it does, what it listens to, how long it takes, and what keeps it from starting
 * again.
 */
import type { Journey, Step } from '../../journeys/journey.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { Condition } from '../../rules/condition.ts';
import { leavesIn } from '../../rules/fields.ts';
import { isRoot } from '../../rules/paths.ts';
import { flattenSteps } from '../compile/flatten-steps.ts';
import type { Segments } from '../compile/inline-segments.ts';
import { daysOf } from '../decode/duration-words.ts';
import { templateChannels, type TemplateChannel } from '../template-files.ts';
import { heardBy, isAnswer, isEachMessage, slowDays, type Heard } from './own-messages.ts';
import { isOff, type JourneyFile, type Templates } from './room.ts';

export interface Actor {
  readonly file: JourneyFile;
  readonly name: string;
  readonly start: Journey['start'];
  /** Trait (`vip`, `tag:vip`) → the values it is set to. */
  readonly writes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Journeys of ours that it calls. */
  readonly calls: readonly string[];
  /** Ways by which it writes to the person. */
  readonly sends: readonly TemplateChannel[];
  /** What brings people into the segment it starts on. */
  readonly reads: ReadonlySet<string>;
  readonly hears: readonly Heard[];
  /** Days that all its waits take together, at most. */
  readonly waits: number;
}

/** `segments`: with everything filled in. */
export function actorOf(file: JourneyFile, segments: Segments, templates: Templates): readonly Actor[] {
  const { value, name } = file;
  if (value === undefined || isOff(file)) return [];
  const steps = flattenSteps(value.steps);
  const { start } = value;
  const when = start.cause.kind === 'segment' ? segments.get(start.cause.segment) : undefined;
  return [
    {
      file,
      name,
      start,
      writes: writesOf(steps),
      calls: callsOf(steps),
      sends: templateChannels.filter((channel) => steps.some((step) => sendsBy(step, channel, templates))),
      reads: new Set(when === undefined ? [] : traitsIn(when)),
      hears: heardBy(start, when),
      waits: steps.reduce((sum, step) => sum + daysWaited(step), 0),
    },
  ];
}

/** Once, once for each value, or a rest of a month: whatever goes round, it does not go through here, or seldom. */
export function isGuarded({ reentry, rest }: Journey['start']): boolean {
  const isOnce = reentry.kind === 'once' || (reentry.kind === 'once-per' && !isEachMessage(reentry.path));
  return isOnce || (rest !== undefined && daysOf(rest) >= slowDays);
}

function writesOf(steps: readonly Step[]): Actor['writes'] {
  const writes = new Map<string, ReadonlySet<string>>();
  const write = (trait: string, value: Json): void => {
    writes.set(trait, new Set([...(writes.get(trait) ?? []), canonicalJson(value)]));
  };
  for (const step of steps) {
    if (step.kind === 'set') for (const [trait, value] of Object.entries(step.traits)) write(trait, value);
    if (step.kind !== 'tag') continue;
    for (const tag of step.add) write(`tag:${tag}`, true);
    for (const tag of step.remove) write(`tag:${tag}`, false);
  }
  return writes;
}

/** A webhook that calls a start of this API; where it stands does not matter, a wrong guess is only careful. */
const callsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === 'webhook' ? (/\/v1\/journeys\/([a-z0-9-]+)\/start\/?$/.exec(step.url)?.[1] ?? []) : []));

/** A step that names no channels takes those of its template. */
function sendsBy(step: Step, channel: TemplateChannel, templates: Templates): boolean {
  if (step.kind !== 'send') return false;
  if (step.channels.length > 0) return step.channels.includes(channel);
  return templates.get(step.template)?.channels.includes(channel) === true;
}

/** Nobody knows how far away a date is: farther than any rest. */
const untilSomeDate = 36_525;

function daysWaited(step: Step): number {
  switch (step.kind) {
    case 'wait':
      return daysOf(step.duration);
    case 'wait-event':
      return daysOf(step.atMost);
    case 'wait-best-time':
      return daysOf(step.within);
    case 'wait-time':
      return step.weekdays.length === 0 ? 1 : 7;
    case 'wait-date':
      return untilSomeDate;
    case 'send':
    case 'branch':
    case 'split':
    case 'set':
    case 'tag':
    case 'webhook':
    case 'task':
    case 'goal':
    case 'jump':
    case 'end':
      return 0;
  }
}

/** Traits by their first word; of `tags` the tags that are asked for, `tag:*` where that cannot be told. */
function traitsIn(condition: Condition): readonly string[] {
  return leavesIn(condition).flatMap((leaf) => {
    if (leaf.kind !== 'compare') return [];
    const { path, comparison } = leaf;
    const [first = '', ...rest] = path[0] === 'traits' ? path.slice(1) : path;
    if (path[0] !== 'traits' && isRoot(first)) return [];
    if (first !== 'tags' || rest.length > 0) return [first];
    const tags: readonly unknown[] = Array.isArray(comparison.value) ? comparison.value : [comparison.value];
    return tags.map((tag) => (typeof tag === 'string' ? `tag:${tag}` : 'tag:*'));
  });
}

/** Traits that the one sets and the segment of the other asks for. */
export const touched = ({ writes }: Actor, { reads }: Actor): readonly string[] =>
  [...writes.keys()].filter((trait) => reads.has(trait) || (trait.startsWith('tag:') && reads.has('tag:*')));

/** Each trait that is set tells Relance who somebody is: an `Identify`. */
export const identifies = ({ writes }: Actor, { start }: Actor): boolean => writes.size > 0 && start.on.includes('Identify');
export const callsOn = ({ calls }: Actor, { name, start }: Actor): boolean => start.cause.kind === 'api' && calls.includes(name);

/** What the messages of the one cause and the other starts on, but for what comes round once in a month. */
export const answeredTo = (from: Actor, to: Actor): readonly string[] =>
  heardOf(from, to).flatMap(({ events }) => events.filter((event) => from.sends.some((channel) => isAnswer(channel, event))));

const heardOf = (from: Actor, to: Actor): readonly Heard[] =>
  from.sends.length === 0
    ? []
    : to.hears.filter(({ days, of }) => days < slowDays && (of === undefined || of.includes(from.name)));

/** Days that pass until a segment that counts such answers is left or entered again. */
export const windowOf = ({ hears }: Actor): number =>
  hears.reduce((longest, { days }) => (days < slowDays ? Math.max(longest, days) : longest), 0);
