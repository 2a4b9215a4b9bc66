/**
 * A campaign to many, on the whole stack: runner and senders are killed half-way, twice, and still everybody gets exactly one
 * message, and the count adds up (promises 1 and 2).
 */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { invocation } from '../local/host.ts';
import type { LocalClients } from '../local/stack.ts';
import { dayText, localDay } from '../shared/kernel/time.ts';
import type { FunctionName } from '../shared/topology.ts';
import { aCampaign, become, configOf, hasTrait, personNamed } from './pipeline/campaigns-world.ts';
import { isFull, report } from './prove/figures.ts';
import { hours, minutes, shop, type Shop } from './stories/shop.ts';

const count = isFull ? 20_000 : 400;
const timeout = isFull ? 3_600_000 : 180_000;

/** Kills functions: their process makes one call more, hears no answer, and does nothing after it. */
class Killer {
  readonly #plans: { readonly functionName: FunctionName; readonly isTime: (call: Call) => boolean }[] = [];
  readonly #calls = new Map<string, number>();
  readonly #invocations = new Map<FunctionName, Set<number>>();
  readonly deaths: FunctionName[] = [];

  /** At its calls of these numbers, counted over all its processes. */
  atCall(functionName: FunctionName, command: string, ...numbers: readonly number[]): void {
    this.#plans.push({ functionName, isTime: (call) => call.command === command && numbers.includes(call.number) });
  }

  /** When these of its invocations make their first call. */
  atStart(functionName: FunctionName, ...numbers: readonly number[]): void {
    this.#plans.push({ functionName, isTime: ({ isFirst, invocations }) => isFirst && numbers.includes(invocations) });
  }

  attach({ dynamo, sqs }: LocalClients): void {
    const place = { step: 'initialize', priority: 'high', name: 'killer' } as const;
    dynamo.middlewareStack.add((next, { commandName }) => this.#around(next, commandName), place);
    sqs.middlewareStack.add((next, { commandName }) => this.#around(next, commandName), place);
  }

  #around<Args, Output>(next: (args: Args) => Promise<Output>, commandName = ''): (args: Args) => Promise<Output> {
    return async (args) => {
      const running = invocation.getStore();
      if (running === undefined) return next(args);
      const { functionName } = running;
      const call = this.#count(functionName, commandName.replace(/Command$/, ''), running.id);
      const output = await next(args);
      if (running.crashed) return new Promise(() => {});
      if (!this.#plans.some((plan) => plan.functionName === functionName && plan.isTime(call))) return output;
      this.deaths.push(functionName);
      running.crashed = true;
      return new Promise(() => {});
    };
  }

  #count(functionName: FunctionName, command: string, id: number): Call {
    const name = `${functionName} ${command}`;
    const number = (this.#calls.get(name) ?? 0) + 1;
    this.#calls.set(name, number);
    const known = this.#invocations.get(functionName) ?? new Set<number>();
    const isFirst = !known.has(id);
    this.#invocations.set(functionName, known.add(id));
    return { command, number, isFirst, invocations: known.size };
  }
}

interface Call {
  readonly command: string;
  readonly number: number;
  readonly isFirst: boolean;
  readonly invocations: number;
}

const told = v.object({
  occurrences: v.array(
    v.object({ state: v.string(), members: v.number(), open: v.number(), verdicts: v.record(v.string(), v.number()) }),
  ),
});
const occurrencesIn = async (story: Shop) => v.parse(told, (await story.request('/_local/campaigns')).body).occurrences;

/** By address, how many mails came. */
function mailsByAddress(story: Shop): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { recipients } of story.stack().emulators.ses.inbox()) {
    for (const address of recipients) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}

describe('a campaign to a crowd', () => {
  const killer = new Killer();
  const story = shop({ onClients: (clients) => killer.attach(clients) });

  test(
    `${count} people, runner and senders killed twice half-way: each exactly one mail, and the count adds up`,
    async () => {
      const { ports } = story.stack();
      const outside = count / 20;
      const inGroups = async (work: (index: number) => Promise<void>): Promise<void> => {
        for (let from = 0; from < count + outside; from += 50) {
          const group = Array.from({ length: Math.min(50, count + outside - from) }, (_, index) => from + index);
          await Promise.all(group.map(work));
        }
      };
      await inGroups((index) => become(ports, personNamed(index), { traits: { club: index < count } }));
      const due = Math.ceil((story.now() + minutes(5)) / minutes(1)) * minutes(1);
      const day = dayText(localDay(due, 'UTC'));
      const campaign = aCampaign({
        when: hasTrait('club', true),
        schedule: { kind: 'once', day },
        at: Math.floor((due % hours(24)) / minutes(1)),
      });
      await ports.settings.publish(configOf([campaign], { timeZone: 'UTC' }));
      // Batches of ten: the runner dies at a third and at two thirds of them, in the middle of a page.
      killer.atCall('run-campaigns', 'SendMessageBatch', Math.floor(count / 30) + 5, Math.floor(count / 15) + 5);
      killer.atStart('deliver-messages', Math.floor(count / 30), Math.floor(count / 15));
      const begun = performance.now();
      await story.advance(hours(1));
      await story.settle();
      const seconds = (performance.now() - begun) / 1_000;
      expect(killer.deaths.toSorted()).toEqual(['deliver-messages', 'deliver-messages', 'run-campaigns', 'run-campaigns']);
      const expected = Array.from({ length: count }, (_, index): [string, number] => [
        `p${String(index).padStart(5, '0')}@example.com`,
        1,
      ]);
      expect(mailsByAddress(story)).toEqual(new Map(expected));
      expect(await occurrencesIn(story)).toEqual([{ state: 'done', members: count, open: 0, verdicts: { sent: count } }]);
      report(
        'Campaign',
        `${count} people found among ${count + outside}; run-campaigns and deliver-messages killed twice each: ${count} mails, ` +
          `one to each, ${Math.round(count / seconds)} a second with all that their mailboxes tell, counted ${count} sent and 0 open.`,
      );
    },
    timeout,
  );
});
