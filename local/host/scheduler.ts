/**
 * Runs what the topology schedules: by the minute while the clock runs, and asked for the next due instant while it
 * leaps. The schedules of timers and campaigns are skipped as long as none can be due.
 */
import { randomUUID } from 'node:crypto';
import type { ScheduledEvent } from 'aws-lambda';
import type { Instant } from '../../shared/kernel/time.ts';
import type { FunctionName, Schedule } from '../../shared/topology.ts';
import type { ProductClock } from '../clock.ts';
import type { Invoker } from './invocation.ts';
import { type OutcomeListener, outcomeOf } from './outcome.ts';
import { nextOccurrence, nextTick, soonestTick, type TickHistory } from './timer-ticks.ts';

export interface SchedulerSurroundings {
  readonly schedules: readonly Schedule[];
  readonly clock: ProductClock;
  readonly invoker: Invoker;
  readonly earliestTimer: () => Promise<Instant | undefined>;
  readonly earliestCampaign: () => Promise<Instant | undefined>;
  readonly isPaused: (functionName: FunctionName) => boolean;
  readonly onOutcome: OutcomeListener;
  /** How many messages were handled so far. */
  readonly processed: () => number;
  readonly signal: AbortSignal;
}

export interface Scheduled {
  readonly schedule: Schedule;
  readonly at: Instant;
  /** The earliest timer, where it is a tick for timers. */
  readonly timer?: Instant;
}

/** The schedules that do nothing unless a timer, or a campaign, is due. */
const timerHandler: FunctionName = 'run-timers';
const campaignHandler: FunctionName = 'run-campaigns';

export class Scheduler {
  readonly #around: SchedulerSurroundings;
  readonly #next = new Map<Schedule, Instant>();
  #ticks: TickHistory = { fruitless: 0 };
  /** What the last tick of a leap saw: the same again means that it was for nothing. */
  #seen: { readonly timer: Instant | undefined; readonly processed: number } | undefined;
  #suspension: Promise<unknown> = Promise.resolve();

  constructor(around: SchedulerSurroundings) {
    this.#around = around;
    this.#replan();
  }

  /** Runs every schedule in time, until the host stops. */
  async watch(): Promise<void> {
    await Promise.all(this.#around.schedules.map((schedule) => this.#keep(schedule)));
  }

  /** Nothing runs by itself during the work: a leap asks for what is due. */
  suspended<T>(work: () => Promise<T>): Promise<T> {
    const result = work().finally(() => this.#replan());
    this.#suspension = result.catch(() => undefined);
    return result;
  }

  /** What is due next, if it is due by `latest`. */
  async nextDue(now: Instant, latest: Instant): Promise<Scheduled | undefined> {
    const candidates: Scheduled[] = [];
    for (const schedule of this.#around.schedules) {
      if (this.#around.isPaused(schedule.handler)) continue;
      const scheduled = await this.#tick(schedule, now, latest);
      if (scheduled !== undefined && scheduled.at <= latest) candidates.push(scheduled);
    }
    return candidates.toSorted((a, b) => a.at - b.at)[0];
  }

  /** Calls the handler, now. */
  async run({ schedule, timer }: Scheduled): Promise<void> {
    const { clock, invoker, onOutcome, processed } = this.#around;
    const at = clock.now();
    this.#next.set(schedule, nextOccurrence(at, schedule.everyMinutes));
    const succeeded = await invoker.invoke(schedule.handler, scheduledEvent(schedule, at), (result) => {
      onOutcome(outcomeOf(result, { kind: 'schedule', schedule: schedule.name }));
      return result.end.kind === 'answered';
    });
    if (schedule.handler !== timerHandler) return;
    const inVain = timer !== undefined && this.#seen?.timer === timer && this.#seen.processed === processed();
    this.#ticks = { last: { at, succeeded }, fruitless: inVain ? this.#ticks.fruitless + 1 : 0 };
    this.#seen = { timer, processed: processed() };
  }

  async #tick(schedule: Schedule, now: Instant, latest: Instant): Promise<Scheduled | undefined> {
    if (schedule.handler === timerHandler) return this.#timerTick(schedule, now, latest);
    if (schedule.handler === campaignHandler) return this.#campaignTick(schedule, now, latest);
    return this.#occurrence(schedule, now);
  }

  async #campaignTick(schedule: Schedule, now: Instant, latest: Instant): Promise<Scheduled | undefined> {
    const soonest = this.#occurrence(schedule, now);
    if (soonest.at > latest) return undefined;
    const earliest = await this.#around.earliestCampaign();
    if (earliest === undefined) return undefined;
    return { schedule, at: Math.max(soonest.at, nextOccurrence(earliest - 1, schedule.everyMinutes)) };
  }

  async #timerTick(schedule: Schedule, now: Instant, latest: Instant): Promise<Scheduled | undefined> {
    // Reading the due index costs more than knowing that no tick may come yet.
    if (soonestTick(this.#ticks, now) > latest) return undefined;
    const timer = await this.#around.earliestTimer();
    return timer === undefined ? undefined : { schedule, at: nextTick(this.#ticks, now, timer), timer };
  }

  #occurrence(schedule: Schedule, now: Instant): Scheduled {
    return { schedule, at: Math.max(now, this.#next.get(schedule) ?? now) };
  }

  async #keep(schedule: Schedule): Promise<void> {
    const { clock, isPaused, signal } = this.#around;
    while (!signal.aborted) {
      await this.#suspension;
      const at = this.#next.get(schedule) ?? nextOccurrence(clock.now(), schedule.everyMinutes);
      const suspension = this.#suspension;
      if ((await clock.sleepUntil(at, signal)) === 'aborted') return;
      if (suspension !== this.#suspension) continue;
      if (isPaused(schedule.handler)) this.#next.set(schedule, nextOccurrence(clock.now(), schedule.everyMinutes));
      else await this.run({ schedule, at });
    }
  }

  #replan(): void {
    for (const schedule of this.#around.schedules)
      this.#next.set(schedule, nextOccurrence(this.#around.clock.now(), schedule.everyMinutes));
  }
}

/** As EventBridge Scheduler sends it where no other input is set. */
const scheduledEvent = (schedule: Schedule, at: Instant): ScheduledEvent<Record<string, never>> => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: '000000000000',
  time: `${new Date(at).toISOString().slice(0, 19)}Z`,
  region: 'eu-west-3',
  resources: [`arn:aws:scheduler:eu-west-3:000000000000:schedule/default/${schedule.name}`],
  detail: {},
});
