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
  /** Where nobody answers a mail. */
  readonly endWithoutAnswers: EndState;
}

/** Longer than every lease, visibility timeout and timer of a message that is being sent. */
const enough = hours(12);

export async function untroubledRun(ground: Ground, steps: readonly Step[]): Promise<Untroubled> {
  const calls = new Calls();
  const end = await run(ground, steps, calls);
  const unanswered = steps.filter(({ answersMail }) => answersMail === undefined);
  const endWithoutAnswers = unanswered.length === steps.length ? end : await run(ground, unanswered, new Calls());
  return { steps, calls: calls.made, end, endWithoutAnswers };
}

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
  const answers = untroubled.steps.every(({ answersMail: to }) => to === undefined || crashed.reached.has(to));
  const expected = answers ? untroubled.end : untroubled.endWithoutAnswers;
  const lines = crashed.lines.map(allowed.mayRead);
  return [
    ...without(expected.lines, lines).flatMap((line) => (allowed.mayMiss(line) ? [] : [`- ${line}`])),
    ...without(lines, expected.lines).flatMap((line) => (allowed.mayAdd(line) ? [] : [`+ ${line}`])),
    ...(neverLeft.length <= (allowed.mayNeverLeave ? 1 : 0) ? [] : neverLeft.map((sendKey) => `- a mail for ${sendKey}`)),
    ...[...crashed.accepted].flatMap(([sendKey, times]) => (times === 1 ? [] : [`+ ${times} mails for ${sendKey}`])),
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
