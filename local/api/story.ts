/**
 * One person's story in the order in which it happened: each event with the decisions it led to, the steps of journeys,
 * the messages that left or did not, and what comes next. The page and the demo tell it.
 */
import type { Event } from '../../shared/events/event.ts';
import { isoInstant, type Instant } from '../../shared/kernel/time.ts';
import type { Json } from '../../shared/kernel/json.ts';
import { tellingsOf, type Chunk, type Decision } from '../../shared/profile/timeline.ts';
import { traitOf } from '../../shared/profile/profile.ts';
import type { Known, Run } from './look-up.ts';
import { nameOf } from './people.ts';
import { decisionSentence, eventSentence, messageSentence, stepSentence, timeText } from './sentences.ts';

export interface StoryLine {
  /** The same whenever the story is told. */
  readonly id: string;
  readonly at: string;
  readonly kind: 'event' | 'step' | 'message';
  readonly text: string;
  /** What an event led to and what it did not, with the reason. */
  readonly decisions: readonly { readonly outcome: Decision['outcome']; readonly text: string }[];
  /** Of events: where it came from and what was told. */
  readonly source?: string;
  readonly told?: Json;
  /** Of messages: what became of it, and its id in the inbox once it was sent. */
  readonly status?: string;
  readonly mail?: string;
}

export interface Story {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly StoryLine[];
  /** What will happen if nothing else does, soonest first. */
  readonly next: readonly { readonly at: string; readonly text: string }[];
}

interface Dated {
  readonly instant: Instant;
  readonly line: Omit<StoryLine, 'at'>;
}

export function storyOf(known: Known): Story {
  const { person, chunks, runs, messages } = known;
  const dated: readonly Dated[] = [
    ...eventLines(chunks),
    ...runs.flatMap(stepLines),
    ...messages.map((message): Dated => {
      const { status } = message;
      const line = {
        id: message.sendKey,
        kind: 'message' as const,
        text: messageSentence(message),
        decisions: [],
        status: status.kind,
      };
      return { instant: message.at, line: status.kind === 'sent' ? { ...line, mail: status.providerId } : line };
    }),
  ];
  const { attributes } = person;
  return {
    id: person.id,
    name: nameOf(traitOf(attributes, 'firstName'), traitOf(attributes, 'lastName')),
    lines: dated.toSorted((a, b) => a.instant - b.instant).map(({ instant, line }) => ({ ...line, at: isoInstant(instant) })),
    next: runs.toSorted((a, b) => a.until - b.until).flatMap((run) => nextOf(run, known)),
  };
}

/** An event told in two chunks is one line, in the words in which it was told first; what both led to stands beside it. */
function eventLines(chunks: readonly Chunk[]): readonly Dated[] {
  const told = chunks.flatMap((chunk) =>
    chunk.events.map((event, index) => ({ event, context: chunk, ledTo: decisionsBeside(chunk, index) })),
  );
  return tellingsOf(told).map(([first, ...others]) =>
    lineOf(
      first.event,
      first.context,
      [first, ...others].flatMap(({ ledTo }) => ledTo),
    ),
  );
}

function lineOf(event: Event, chunk: Chunk, ledTo: readonly Decision[]): Dated {
  return {
    instant: event.occurredAt,
    line: {
      id: `${event.id}@${event.occurredAt}`,
      kind: 'event',
      text: eventSentence(event, chunk.trust),
      decisions: ledTo.map((decision) => ({ outcome: decision.outcome, text: decisionSentence(decision) })),
      source: `${chunk.source}, ${chunk.trust === 'server' ? 'verified' : 'a browser says so'}`,
      told: {
        name: event.name,
        properties: event.properties,
        ...(event.traits === undefined ? {} : { traits: event.traits }),
        ...(event.context === undefined ? {} : { context: event.context }),
      },
    },
  };
}

/** A chunk keeps the decisions of all its events: those that name none of them (`Cart Updated`) stand beside the last one. */
function decisionsBeside({ events, decisions }: Chunk, index: number): readonly Decision[] {
  const names = events.map(({ name }) => name);
  const isOwn = ({ event }: Decision): boolean =>
    names.includes(event) ? names.indexOf(event) === index : index === events.length - 1;
  return decisions.filter(isOwn);
}

const stepLines = ({ instance: { journey, key, log } }: Run): readonly Dated[] =>
  log.flatMap((record, index): Dated[] => {
    const text = stepSentence(journey, record);
    const id = `${journey}/${key}/${index}`;
    return text === undefined ? [] : [{ instant: record.at, line: { id, kind: 'step', text, decisions: [] } }];
  });

function nextOf({ instance: { journey, state }, until }: Run, { messages }: Known): Story['next'] {
  switch (state.kind) {
    case 'ended':
    case 'watching':
      return [];
    case 'waiting':
      return [{ at: isoInstant(until), text: `${journey} waits until ${timeText(until)}.` }];
    case 'sending': {
      const { sendKey } = state;
      const hasLeft = messages.some((message) => message.sendKey === sendKey);
      const text = hasLeft
        ? `${journey} goes on at ${timeText(until)}.`
        : `${journey} is sending; at ${timeText(until)} it looks whether the message has left.`;
      return [{ at: isoInstant(until), text }];
    }
  }
}
