/**
 * How fast rules are asked: ours against three other engines, which get the same index by event name and must give the same
 * answers. Run it with `npm run bench -- rules`.
 */
import { contender as cel } from './rules/cel.ts';
import { measureColdStart } from './rules/cold-starts.ts';
import type { Contender, Happening, Rule } from './rules/contender.ts';
import { contender as jsonLogicEngine } from './rules/json-logic-engine.ts';
import { contender as jsonRulesEngine } from './rules/json-rules-engine.ts';
import { eventNames, happenings, rulesOver } from './rules/made.ts';
import { contender as relance } from './rules/relance.ts';
import { print, stopwatch, type Work } from './stopwatch.ts';

const contenders: readonly (readonly [file: string, contender: Contender])[] = [
  ['relance', relance],
  ['json-rules-engine', jsonRulesEngine],
  ['json-logic-engine', jsonLogicEngine],
  ['cel', cel],
];

/** Throws where one engine answers otherwise than ours; the share of rules that hold. */
async function assertSame(rules: readonly Rule[], events: readonly Happening[]): Promise<number> {
  const ours = relance.load(relance.stored(rules));
  let [asked, held] = [0, 0];
  for (const [, contender] of contenders.slice(1)) {
    const theirs = contender.load(contender.stored(rules));
    for (const { name, facts } of events) {
      const [mine, other] = [await ours(name, facts), await theirs(name, contender.prepared(facts))];
      if ([...mine].toSorted().join() !== [...other].toSorted().join())
        throw new Error(
          `${contender.name} answers ${other.join()} where Relance answers ${mine.join()}: ${JSON.stringify(facts)}`,
        );
      asked += rules.filter(({ event }) => event === name).length;
      held += mine.length;
    }
  }
  return held / asked;
}

/** The same events for all of them, few enough that a round ends before somebody else wants the processor. */
function works(rules: readonly Rule[], events: readonly Happening[]): readonly Work[] {
  const perEvent = rules.length / new Set(rules.map(({ event }) => event)).size;
  const asked = events.slice(0, Math.max(5, Math.round(2_500 / perEvent)));
  return contenders.map(([, contender]): Work => {
    const answer = contender.load(contender.stored(rules));
    const prepared = asked.map(({ name, facts }) => ({ name, facts: contender.prepared(facts) }));
    let next = 0;
    return {
      ...{ name: contender.name, calls: prepared.length },
      call: () => {
        const event = prepared[next++ % prepared.length];
        return event === undefined ? undefined : answer(event.name, event.facts);
      },
    };
  });
}

const rounds = 40;

async function measure(count: number, names: readonly [string, ...string[]]): Promise<void> {
  const rules = rulesOver(names, count);
  const events = happenings(names, 1_000);
  const share = await assertSame(rules, events.slice(0, count > 100 && names.length === 1 ? 50 : 300));
  const where = names.length === 1 ? 'on one event' : `over ${names.length} event names`;
  const title = `${count} rules ${where}: time of one event (${Math.round(share * 100)} % of the rules asked hold, all answers equal)`;
  print(title, await stopwatch(works(rules, events), rounds));
}

const twenty = eventNames(20);
for (const count of [10, 100, 1_000]) await measure(count, twenty);
await measure(1_000, eventNames(1));

await measureColdStart(contenders, twenty);
