/**
 * The untroubled run of a story, and the same story with a crash at one of its calls: what differs in the end that no
 * promise allows?
 */
import { hours } from '../../shared/kernel/time.ts';
import { allowedAt } from './allowances.ts';
import { Calls, type Call, type CrashPoint } from './calls.ts';
import { endState, type EndState } from './end-state.ts';
import { Teller, type Step } from './teller.ts';
import type { Ground } from './world.ts';

export interface Untroubled {
  readonly steps: readonly Step[];
  readonly calls: readonly Call[];
  readonly end: EndState;
  /** By who answers a mail: the end where they alone do not, because theirs never left. */
  readonly endWithout: ReadonlyMap<string, EndState>;
}

/** Longer than every lease, visibility timeout and timer of a message that is being sent. */
const enough = hours(12);

export async function untroubledRun(ground: Ground, steps: readonly Step[]): Promise<Untroubled> {
  const calls = new Calls();
  const end = await run(ground, steps, calls);
  const endWithout = new Map<string, EndState>();
  for (const who of answering(steps)) {
    const others = steps.filter(({ answersMail }) => answersMail !== who);
    endWithout.set(who, await run(ground, others, new Calls()));
  }
  return { steps, calls: calls.made, end, endWithout };
}

const answering = (steps: readonly Step[]): ReadonlySet<string> => new Set(steps.flatMap(({ answersMail }) => answersMail ?? []));

/** Every difference that no promise allows, as sentences: `-` is missing, `+` was added. */
export async function crashedRun(ground: Ground, untroubled: Untroubled, point: CrashPoint): Promise<readonly string[]> {
  const calls = new Calls(point);
  try {
    const crashed = await run(ground, untroubled.steps, calls);
    return [...(calls.crashes === 1 ? [] : [`it crashed ${calls.crashes} times`]), ...differences(untroubled, crashed, point)];
  } catch (error) {
    return [`the story cannot be told: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function differences(untroubled: Untroubled, crashed: EndState, point: CrashPoint): readonly string[] {
  const allowed = allowedAt(point, untroubled.calls);
  const neverLeft = [...untroubled.end.accepted.keys()].filter((sendKey) => !crashed.accepted.has(sendKey));
  // One crash keeps one mail from leaving at most: of two, the comparison with either end tells the other.
  const [silent] = [...answering(untroubled.steps)].filter((who) => !crashed.reached.has(who));
  const expected = (silent === undefined ? undefined : untroubled.endWithout.get(silent)) ?? untroubled.end;
  const lines = crashed.lines.map(allowed.mayRead);
  return [
    ...without(expected.lines, lines).flatMap((line) => (allowed.mayMiss(line) ? [] : [`- ${line}`])),
    ...without(lines, expected.lines).flatMap((line) => (allowed.mayAdd(line) ? [] : [`+ ${line}`])),
    ...(neverLeft.length <= (allowed.mayNeverLeave ? 1 : 0) ? [] : neverLeft.map((sendKey) => `- a mail for ${sendKey}`)),
    ...[...crashed.accepted].flatMap(([sendKey, times]) =>
      times === 1 || (times === 2 && allowed.mayRepeat) ? [] : [`+ ${times} mails for ${sendKey}`],
    ),
  ];
}

async function run(ground: Ground, steps: readonly Step[], calls: Calls): Promise<EndState> {
  const world = await ground.open(calls);
  try {
    await new Teller(world).tell(steps);
    await world.host.advance(enough);
    return await endState(world);
  } finally {
    await world.close();
  }
}

/** What stands in `all` more often than in `found`. */
function without(all: readonly string[], found: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of found) left.set(line, (left.get(line) ?? 0) + 1);
  return all.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
