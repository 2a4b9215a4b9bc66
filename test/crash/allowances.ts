/**
 * What a crash may change. Each allowance names the promise it rests on, and speaks at exactly the moments that this promise
 * leaves open; everywhere else the end must be the same to the last sentence.
 */
import type { Call, CrashPoint } from './calls.ts';

export interface Allowed {
  /** The sentence as it may be told instead. */
  readonly mayRead: (line: string) => string;
  /** May be missing in the end. */
  readonly mayMiss: (line: string) => boolean;
  /** May have been added. */
  readonly mayAdd: (line: string) => boolean;
  /** May the one message in question have left nobody's hands? */
  readonly mayNeverLeave: boolean;
  /** May the mail in question have left twice? */
  readonly mayRepeat: boolean;
}

/** The calls of the invocation that crashes: those whose effect happened, and those that never came to be. */
interface Torn {
  readonly done: readonly Call[];
  readonly undone: readonly Call[];
}

export function allowedAt(point: CrashPoint, calls: readonly Call[]): Allowed {
  const torn = tearing(point, calls);
  const neverLeft = isBetweenClaimAndCall(torn);
  return {
    mayRead: neverLeft ? asIfDelivered : (line) => line,
    mayMiss: isBetweenStateAndTimeline(torn) ? isDecision : () => false,
    mayAdd: hasToldAndNotAnswered(torn) ? isClick : () => false,
    mayNeverLeave: neverLeft,
    mayRepeat: isTaskWithoutLog(torn),
  };
}

function tearing(point: CrashPoint, calls: readonly Call[]): Torn {
  const own = calls.filter(({ invocation }) => invocation === point.invocation);
  const at = own.findIndex(({ name, ordinal }) => name === point.name && ordinal === point.ordinal);
  const first = point.when === 'before' ? at : at + 1;
  return { done: own.slice(0, first), undone: own.slice(first) };
}

const isWrite = ({ name }: Call): boolean => /^(Put|Update|Transact|Send)/.test(name);
const writes = (call: Call | undefined, kind: string): boolean =>
  call !== undefined && isWrite(call) && (call.name.split(' ')[1] ?? '').split('+').includes(kind);
const isSend = ({ name }: Call): boolean => name.startsWith('SendRawEmail');

/**
 * Promise 2, never twice: once the message is claimed nobody can know whether the provider was called, so it is not called
 * again, and the log says "unknown" (design section 3, Sending). It says so, and the journey goes on: nothing is silent.
 * Where the provider was called its feedback says so, and nothing may differ.
 */
function isBetweenClaimAndCall({ done, undone }: Torn): boolean {
  return writes(done.findLast(isWrite), 'H') && undone.some(isSend);
}

/** A task for staff is no message to a person: told twice it is done once, and forgotten it is done by nobody. */
const isTaskWithoutLog = ({ done }: Torn): boolean => {
  const last = done.at(-1);
  return last !== undefined && isSend(last) && !done.some((call) => writes(call, 'H'));
};

const asIfDelivered = (line: string): string =>
  line
    .replace('{"because":"the sender died between claim and log","kind":"unknown"} ', 'sent delivered')
    .replace('"outcome":"message unknown"', '"outcome":"message sent"');

/**
 * Design section 3, commit of an envelope: the decision is made once, with the hot state, and a chunk that was not written
 * any more is written from its events. What was decided has happened; only the chunk's words for it are gone (promise 5 is
 * kept by the run's own log where something fired).
 */
function isBetweenStateAndTimeline({ done, undone }: Torn): boolean {
  const write = done.findLast(isWrite);
  return writes(write, 'H') && !writes(write, 'Y') && writes(undone.find(isWrite), 'E');
}

const isDecision = (line: string): boolean => /^[^:]+: decision /.test(line);

/** Two GETs of a click link are two clicks, and a reader whose first one was answered 500 asks again. */
const hasToldAndNotAnswered = ({ done, undone }: Torn): boolean =>
  undone.length === 0 && done.at(-1)?.functionName === 'follow-links';

const isClick = (line: string): boolean => /: (event .*"id":"relance:click"|remembers relance:click$)/.test(line);
