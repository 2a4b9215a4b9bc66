/** Tells one person's story as it grows: what was told once is not told again. Speaks of what the product kept, nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { exactDays, isoInstant, type Instant } from '../../shared/kernel/time.ts';
import { lookUp, type Known } from '../api/look-up.ts';
import { localMails, type LocalMail } from '../api/messages.ts';
import { storyOf, type StoryLine } from '../api/story.ts';
import type { Stack } from '../stack.ts';

export interface TellerSettings {
  readonly stack: Stack;
  readonly say: (line: string) => void;
  /** Milliseconds between two lines, for whoever reads along. */
  readonly pace: number;
}

const dayOf = (instant: Instant): number => Math.floor(instant / exactDays(1));

const indent = ' '.repeat(18);

export class Teller {
  readonly #settings: TellerSettings;
  readonly #begun: Instant;
  readonly #told = new Set<string>();

  constructor(settings: TellerSettings) {
    this.#settings = settings;
    this.#begun = settings.stack.clock.now();
  }

  /** What is done now, with the product's day and time (UTC). */
  async scene(text: string): Promise<void> {
    const now = this.#settings.stack.clock.now();
    const day = `day ${dayOf(now) - dayOf(this.#begun) + 1}`;
    await this.#line('');
    await this.#line(`${day.padEnd(7)} ${isoInstant(now).slice(11, 19)}  ${text}`);
  }

  note(text: string): Promise<void> {
    return this.#line(`${indent}${text}`);
  }

  /** The news of the person who is known by this query: events with their decisions, steps, messages. */
  async news(query: Readonly<Record<string, string>>): Promise<readonly StoryLine[]> {
    const { stack } = this.#settings;
    await stack.host.settle();
    const known = await lookUp(stack, new URLSearchParams(query));
    const story = known === undefined ? undefined : storyOf(known);
    const lines = (story?.lines ?? []).filter(({ id }) => !this.#told.has(id));
    for (const line of lines) await this.#tell(line);
    if (lines.length === 0) await this.note('Nothing happened.');
    return lines;
  }

  async next(query: Readonly<Record<string, string>>): Promise<void> {
    const known = await lookUp(this.#settings.stack, new URLSearchParams(query));
    for (const { text } of known === undefined ? [] : storyOf(known).next) await this.note(`Next: ${text}`);
  }

  known(query: Readonly<Record<string, string>>): Promise<Known | undefined> {
    return lookUp(this.#settings.stack, new URLSearchParams(query));
  }

  mails(): Promise<readonly LocalMail[]> {
    return localMails(this.#settings.stack);
  }

  async #tell({ id, kind, text, decisions, mail }: StoryLine): Promise<void> {
    this.#told.add(id);
    const mark = kind !== 'message' ? '·' : mail === undefined ? '✗' : '✉';
    await this.note(`${mark} ${text}`);
    for (const decision of decisions) await this.note(`  ${decision.outcome === 'fired' ? '✓' : '–'} ${decision.text}`);
    if (mail !== undefined) await this.#showMail(mail);
  }

  async #showMail(id: string): Promise<void> {
    const mail = (await this.mails()).find((one) => one.id === id);
    if (mail !== undefined) await this.note(`  To ${mail.to}: “${mail.subject}”`);
  }

  async #line(text: string): Promise<void> {
    const { say, pace } = this.#settings;
    say(text);
    if (pace > 0) await sleep(pace);
  }
}
