/**
 * Journeys that start each other without end: one sets a trait, which brings the person into a segment, which starts another, which
 * sets the trait back.
 *
 * What a journey sets is always the same, so a circle comes to rest by itself unless somewhere in it a trait is set to two
 * values, a tag added and removed, or each set is itself the start (an `Identify`, a call of our own API).
 */
import { raised, type Journey, type Step } from '../../journeys/journey.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { Condition } from '../../rules/condition.ts';
import { leavesIn } from '../../rules/fields.ts';
import { isRoot } from '../../rules/paths.ts';
import { flattenSteps } from '../compile/flatten-steps.ts';
import type { Segments } from '../compile/inline-segments.ts';
import type { ConfigProblem } from '../problem.ts';
import { wayBack } from './names.ts';
import { atKey, isOff, type JourneyFile, type Room } from './room.ts';

interface Actor {
  readonly file: JourneyFile;
  readonly name: string;
  readonly start: Journey['start'];
  /** Trait (`vip`, `tag:vip`) → the values it is set to. */
  readonly writes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Journeys of ours that it calls. */
  readonly calls: readonly string[];
  /** What brings people into the segment it starts on. */
  readonly reads: ReadonlySet<string>;
}

/** `segments`: with everything filled in. */
export function loopProblems({ journeys }: Room, segments: Segments): readonly ConfigProblem[] {
  const actors = journeys.flatMap((file) => actorOf(file, segments)).filter(({ start }) => !isGuarded(start));
  const byName = new Map(actors.map((actor) => [actor.name, actor]));
  const started = new Map(
    actors.map((from) => [from.name, acts(from) ? actors.filter((to) => starts(from, to)).map(({ name }) => name) : []]),
  );
  const next = (name: string): readonly string[] => started.get(name) ?? [];
  const reach = new Map(actors.map(({ name }) => [name, reachedFrom(name, next)]));
  return actors.flatMap((actor) => {
    const names = [...(reach.get(actor.name) ?? [])].filter((name) => reach.get(name)?.has(actor.name) === true).toSorted();
    if (names[0] !== actor.name) return []; // no circle, or told at the first of it by name
    const members = names.flatMap((name) => byName.get(name) ?? []);
    return isEndless(members) ? [loopProblem(actor, members, wayBack(actor.name, next) ?? names)] : [];
  });
}

function reachedFrom(from: string, next: (name: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const other of next(name)) {
      if (reached.has(other)) continue;
      reached.add(other);
      open.push(other);
    }
  }
  return reached;
}

function loopProblem({ name, file, start }: Actor, members: readonly Actor[], circle: readonly string[]): ConfigProblem {
  const told = members.every((member) => circle.includes(member.name))
    ? circle.join(' → ')
    : members.map((member) => member.name).join(', ');
  return atKey(file, ['start', startWord(start)], {
    problem: `journeys start each other without end: ${told} (${how(members)})`,
    expected: 'once, once per or rest in the start of one of them',
    suggestion: `write once: true in the start of ${name}`,
  });
}

function actorOf(file: JourneyFile, segments: Segments): readonly Actor[] {
  const { value, name } = file;
  if (value === undefined || isOff(file)) return [];
  const steps = flattenSteps(value.steps);
  const { start } = value;
  const when = start.cause.kind === 'segment' ? segments.get(start.cause.segment) : undefined;
  const reads = new Set(when === undefined ? [] : traitsIn(when));
  return [{ file, name, start, writes: writesOf(steps), calls: callsOf(steps), reads }];
}

/** Once, once for each value, or rest: it does not go round. */
const isGuarded = ({ reentry, rest }: Journey['start']): boolean => reentry.kind !== 'always' || rest !== undefined;

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

const touches = ({ writes }: Actor, { reads }: Actor): boolean =>
  [...writes.keys()].some((trait) => reads.has(trait) || (trait.startsWith('tag:') && reads.has('tag:*')));

/** Each trait that is set tells Relance who somebody is: an `Identify`. */
const identifies = ({ writes }: Actor, { start }: Actor): boolean => writes.size > 0 && start.on.includes('Identify');
const callsOn = ({ calls }: Actor, { name, start }: Actor): boolean => start.cause.kind === 'api' && calls.includes(name);

const acts = ({ writes, calls }: Actor): boolean => writes.size > 0 || calls.length > 0;
const starts = (from: Actor, to: Actor): boolean => touches(from, to) || identifies(from, to) || callsOn(from, to);

function isEndless(members: readonly Actor[]): boolean {
  const always = members.some((from) => members.some((to) => identifies(from, to) || callsOn(from, to)));
  const values = new Map<string, Set<string>>();
  for (const { writes } of members) {
    for (const [trait, written] of writes) values.set(trait, new Set([...(values.get(trait) ?? []), ...written]));
  }
  const read = new Set(members.flatMap(({ reads }) => [...reads]));
  const isRead = (trait: string): boolean => read.has(trait) || (trait.startsWith('tag:') && read.has('tag:*'));
  return always || [...values].some(([trait, written]) => written.size > 1 && isRead(trait));
}

const how = (members: readonly Actor[]): string =>
  [...new Set(members.flatMap(({ writes, calls }) => [...writes.keys(), ...calls.map((name) => `call of ${name}`)]))]
    .map((trait) => trait.replace(/^tag:/, 'tag '))
    .join(', ');

function startWord({ on, cause }: Journey['start']): string {
  if (cause.kind === 'segment') return cause.moment;
  if (cause.kind === 'api' || on.includes(raised.requested)) return 'api';
  return cause.kind === 'did' ? 'did' : 'on';
}
