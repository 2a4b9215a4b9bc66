/**
 * What happened and why, in English sentences for the page and the demo (promise 5). Every sentence is made of what the
 * product kept; nothing is guessed. Pure; plain text, so whoever shows it must not take it for HTML.
 */
import type { Event, Trust } from '../../shared/events/event.ts';
import { at, isObject, numberOf, textOf, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { isoInstant, type Instant } from '../../shared/kernel/time.ts';
import type { StepRecord } from '../../shared/journeys/instance.ts';
import { isComplaint, type LoggedMessage, type Mark } from '../../shared/messages/marks.ts';
import type { Decision } from '../../shared/profile/timeline.ts';

/** To the second, in UTC, as a person reads it. */
export const timeText = (instant: Instant): string => isoInstant(instant).slice(0, 19).replace('T', ' ');

const quoted = (text: string): string => `“${text}”`;

/** What a browser says is a claim until somebody proves it. */
export function eventSentence(event: Event, trust: Trust): string {
  const details = [...detailsOf(event), ...consentDetails(event), ...traitDetails(event)];
  const what = `${quoted(event.name)}${trust === 'browser' ? ', as a browser claims' : ''}`;
  return details.length === 0 ? `${what}.` : `${what}: ${details.join('; ')}.`;
}

function detailsOf({ name, properties }: Event): readonly string[] {
  const product = textOf(properties['name']);
  if (name.startsWith('Product ') && product !== undefined) {
    const price = money(properties, 'price');
    return [price === '' ? product : `${product},${price}`];
  }
  const lines = properties['products'];
  const pieces = Array.isArray(lines) ? [lines.length === 0 ? 'no products' : productNames(lines)] : [];
  const completed = properties['completed'] === true ? ['completed'] : [];
  const sum = money(properties, 'total') || money(properties, 'revenue') || money(properties, 'value');
  return [...pieces, ...completed, ...(sum === '' ? [] : [`sum${sum}`])];
}

const productNames = (lines: readonly Json[]): string =>
  lines
    .map((line) => {
      const quantity = numberOf(at(line, ['quantity'])) ?? 1;
      return `${quantity > 1 ? `${quantity} × ` : ''}${textOf(at(line, ['name'])) ?? 'a product'}`;
    })
    .join(', ');

/** ` 39.00 EUR`; empty where the property is no amount. */
function money(properties: JsonObject, name: string): string {
  const amount = numberOf(properties[name]);
  return amount === undefined ? '' : ` ${amount.toFixed(2)} ${textOf(properties['currency']) ?? ''}`.trimEnd();
}

const consentDetails = ({ consent = [] }: Event): readonly string[] =>
  consent.map(({ channel, state }) => (state === 'granted' ? `agrees to ${channel}` : `no longer agrees to ${channel}`));

const traitDetails = ({ traits = {} }: Event): readonly string[] => {
  const names = Object.keys(traits);
  return names.length === 0 ? [] : [`tells ${names.join(', ')}`];
};

const decisionVerbs: Readonly<Record<Decision['moment'], readonly [fired: string, not: string]>> = {
  start: ['starts', 'start'],
  exit: ['ends', 'end'],
  restart: ['restarts the wait of', 'restart the wait of'],
  wait: ['ends the wait of', 'end the wait of'],
};

export function decisionSentence({ rule, event, moment, outcome, because, seen }: Decision): string {
  const fired = outcome === 'fired';
  const verb = decisionVerbs[moment];
  const what = `${quoted(event)} ${fired ? verb[0] : `does not ${verb[1]}`} ${rule}`;
  const plain = fired && because.endsWith('condition holds');
  return `${what}${plain ? '' : `: ${because}`}${seenText(fired && seen === null ? undefined : seen)}.`;
}

/** Undefined: nobody looked at anything. Null: something was looked for and not there. */
function seenText(seen: Json | undefined): string {
  if (seen === undefined) return '';
  const parts = isObject(seen) ? Object.entries(seen).map(([name, value]) => `${name} ${valueText(value)}`) : [valueText(seen)];
  return ` (seen: ${parts.join(', ')})`;
}

/** Times as a person reads them; everything else as it was kept. */
function valueText(value: Json): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') {
    const instant = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(instant) ? value : timeText(instant);
  }
  return Array.isArray(value) ? value.map(valueText).join(', ') : JSON.stringify(value);
}

/** Undefined for records that a decision or a message tells better. */
export function stepSentence(journey: string, { step, outcome, because, seen }: StepRecord): string | undefined {
  switch (outcome) {
    case 'waited':
      return `The wait of ${journey} is over (step ${step}).`;
    case 'then':
    case 'else': {
      const why = because === undefined ? 'its condition holds' : because;
      return `${journey} takes “${outcome}” at step ${step}: ${why}${seenText(seen)}.`;
    }
    case 'came':
      return `${journey} goes on at step ${step}: what it waited for has come.`;
    case 'not in time':
      return `${journey} takes “else” at step ${step}: ${because ?? 'nothing came in time'}.`;
    case 'set':
    case 'tagged':
      return `${journey} changes the person at step ${step}.`;
    case 'message given up':
      return `${journey} goes on without the message of step ${step}.`;
    default:
      return /^(variant|goal) /.test(outcome) ? `${journey} at step ${step}: ${outcome}.` : undefined;
  }
}

const dropReasons: Readonly<Record<string, string>> = {
  paused: 'all marketing is paused in brand.yaml',
  'journey-ended': 'the journey that ordered it has ended or gone on',
  'campaign-ended': 'the campaign has been taken back',
  'no-template': 'the template has no content for these channels',
  'no-address': 'no address is known for this channel',
  suppressed: 'the address has bounced or complained',
  'no-consent': 'there is no consent to this channel',
  rest: 'the journey rests after its last message',
};

const channelNames: Readonly<Record<LoggedMessage['channel'], string>> = {
  email: 'E-mail',
  sms: 'SMS',
  push: 'Push',
  webhook: 'Webhook',
  task: 'Task',
};

export function messageSentence({ channel, template, cause, status, marks = [] }: LoggedMessage): string {
  const named = channel === 'task' ? channelNames.task : `${channelNames[channel]} ${quoted(template)}`;
  const step = (channel === 'task' || channel === 'webhook') && cause.kind === 'journey' ? `step ${cause.step} of ` : '';
  const what = `${named} of ${step}${cause.kind} ${cause.name}`;
  switch (status.kind) {
    case 'sent':
      return [`${what} was sent.`, ...marks.flatMap((mark) => markSentence(mark) ?? [])].join(' ');
    case 'dropped':
      return `${what} was not sent: ${dropReasons[status.because] ?? status.because}${seenText(status.seen)}.`;
    case 'failed':
      return `${what} could not be sent: ${status.because}.`;
    case 'unknown':
      return `${what} may have been sent, nobody knows: ${status.because}.`;
  }
}

/** Undefined where the mailbox said nothing that a person needs. */
function markSentence(mark: Mark): string | undefined {
  switch (mark.kind) {
    case 'accepted':
      return undefined;
    case 'delivered':
      return 'The mailbox took it.';
    case 'bounced':
      return mark.type === 'permanent'
        ? `It came back for good (${mark.subtype}): nothing goes to this address any more.`
        : `It came back for now (${mark.subtype}).`;
    case 'complained':
      return isComplaint(mark)
        ? `It was reported as spam (${mark.type}): nothing goes to this address any more.`
        : `The mailbox reported ${mark.type}.`;
    case 'delayed':
      return `The mailbox let it wait (${mark.because}).`;
    case 'rejected':
    case 'not-rendered':
      return `The provider threw it away: ${mark.because}.`;
  }
}
