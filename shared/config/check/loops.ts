/**
 * Journeys that start each other without end: one sets a trait, which brings the person into a segment, which starts another, which
 * sets the trait back; or one sends an e-mail, and starts on an e-mail that was delivered.
 *
 * What a journey sets is always the same, so a circle comes to rest by itself unless somewhere in it a trait is set to two
 * values, a tag added and removed, or each round is itself the start (an `Identify`, a call of our own API, a message that is
 * delivered, opened or clicked). Waits end nothing: each event begins a round of its own.
 */
import { raised, type Journey } from '../../journeys/journey.ts';
import { daysOf } from '../decode/duration-words.ts';
import type { Segments } from '../compile/inline-segments.ts';
import type { ConfigProblem } from '../problem.ts';
import { circles } from './circles.ts';
import { actorOf, answeredTo, callsOn, identifies, isGuarded, touched, windowOf, type Actor } from './loop-actors.ts';
import { wayBack } from './names.ts';
import { slowDays } from './own-messages.ts';
import { atKey, type Room } from './room.ts';

/** `segments`: with everything filled in. */
export function loopProblems({ journeys, templates }: Room, segments: Segments): readonly ConfigProblem[] {
  const actors = journeys.flatMap((file) => actorOf(file, segments, templates)).filter(({ start }) => !isGuarded(start));
  return endless(actors).flatMap(loopProblem);
}

/** Groups of journeys in which each starts each other, directly or through others, and nothing makes them rest. */
function endless(actors: readonly Actor[]): readonly (readonly Actor[])[] {
  const round = roundOf(actors);
  const found = circlesOf(actors.filter((actor) => !restEnds(actor, round)));
  const [only, ...more] = found;
  // Of fewer journeys fewer traits are set to two values, and a rest is longer than what is left: asked until nothing changes.
  if (only !== undefined && more.length === 0 && only.length === actors.length) return [only];
  return found.flatMap(endless);
}

/**
 * A rest counts from the last message, so it ends a circle that comes round before it is over: after what all others wait, what
 * the journey itself still waits before it acts, and a day for slow mailboxes and readers. A round that takes longer goes on.
 */
function restEnds({ start: { rest }, ...actor }: Actor, round: number): boolean {
  const still = actor.writes.size > 0 || actor.calls.length > 0 ? 0 : actor.waits;
  return rest !== undefined && daysOf(rest) >= round - still;
}

/** The longest a round can take, in days. */
function roundOf(actors: readonly Actor[]): number {
  const waited = actors.reduce((sum, actor) => sum + actor.waits + windowOf(actor), 0);
  return waited + (actors.some((from) => actors.some((to) => answeredTo(from, to).length > 0)) ? 1 : 0);
}

/** Each circle in which each round starts the next, as the journeys that take part in it. */
function circlesOf(actors: readonly Actor[]): readonly (readonly Actor[])[] {
  const byName = new Map(actors.map((actor) => [actor.name, actor]));
  const found = circles([...byName.keys()], nextOf(actors));
  return found.map((names) => names.flatMap((name) => byName.get(name) ?? []));
}

type Next = (name: string) => readonly string[];

function nextOf(actors: readonly Actor[]): Next {
  const changing = changingTraits(actors);
  const started = new Map(
    actors.map((from) => [
      from.name,
      acts(from) ? actors.filter((to) => starts(from, to, changing)).map(({ name }) => name) : [],
    ]),
  );
  return (name) => started.get(name) ?? [];
}

/** What is set once stays as it is; only what is set to two values can bring people in and out again. */
function changingTraits(actors: readonly Actor[]): ReadonlySet<string> {
  const values = new Map<string, Set<string>>();
  for (const { writes } of actors) {
    for (const [trait, written] of writes) values.set(trait, new Set([...(values.get(trait) ?? []), ...written]));
  }
  return new Set([...values].flatMap(([trait, written]) => (written.size > 1 ? [trait] : [])));
}

const acts = ({ writes, calls, sends }: Actor): boolean => writes.size > 0 || calls.length > 0 || sends.length > 0;

const starts = (from: Actor, to: Actor, changing: ReadonlySet<string>): boolean =>
  identifies(from, to) ||
  callsOn(from, to) ||
  answeredTo(from, to).length > 0 ||
  touched(from, to).some((trait) => changing.has(trait));

function loopProblem(members: readonly Actor[]): readonly ConfigProblem[] {
  const [first] = members;
  if (first === undefined) return [];
  const { name, file, start } = first;
  const circle = wayBack(name, nextOf(members)) ?? [];
  const names = members.map((member) => member.name);
  const told = names.every((member) => circle.includes(member)) ? circle.join(' → ') : names.join(', ');
  const rests = members.some((member) => member.start.rest !== undefined);
  return [
    atKey(file, ['start', startWord(start)], {
      problem: `journeys start each other without end: ${told} (${how(members)})`,
      expected: `once, once per or ${rests ? `a rest of ${slowDays} days` : 'rest'} in the start of one of them`,
      suggestion: `write once: true in the start of ${name}`,
    }),
  ];
}

/** What goes round. */
function how(members: readonly Actor[]): string {
  const traits = members.flatMap(({ writes }) => [...writes.keys()].map((trait) => trait.replace(/^tag:/, 'tag ')));
  const called = members.flatMap(({ calls }) => calls.map((name) => `call of ${name}`));
  const answered = members.flatMap((from) => members.flatMap((to) => answeredTo(from, to)));
  return [...new Set([...traits, ...called, ...answered])].join(', ');
}

function startWord({ on, cause }: Journey['start']): string {
  if (cause.kind === 'segment') return cause.moment;
  if (cause.kind === 'api' || on.includes(raised.requested)) return 'api';
  return cause.kind === 'did' ? 'did' : 'on';
}
