/**
 * `/_local/…`: what a person or a test looks at and turns while the product runs: inbox, profiles, parked items, queues and
 * the clock. Answers this machine only, and no other web page.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { isObject, parseJson, textOf, type Json } from '../../shared/kernel/json.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import { isoInstant, parseIsoDuration } from '../../shared/kernel/time.ts';
import { deadLetters, deadLetterSuffix, queues, schedules, type FunctionName } from '../../shared/topology.ts';
import type { Pages } from '../host.ts';
import type { Stack } from '../stack.ts';
import { answer, answerWhenDone } from './answer.ts';
import { listCampaigns } from './campaigns.ts';
import { servePage } from '../page/serve.ts';
import { lookUp, lookupNames, type Known } from './look-up.ts';
import { localMessages } from './messages.ts';
import { listPeople } from './people.ts';
import { profileOf } from './profiles.ts';
import { storyOf } from './story.ts';

const prefix = '/_local';

export const localPages =
  (stack: Stack): Pages =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', stack.origin);
    if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) return false;
    if (!isFromHere(request)) return answer(response, 403, { problem: 'only pages of this machine may ask' });
    try {
      return await route(stack, `${request.method ?? 'GET'} ${url.pathname.slice(prefix.length)}`, url, request, response);
    } catch (error) {
      if (error instanceof InvalidInput) return answer(response, 400, { problem: error.message });
      return answer(response, 500, { problem: error instanceof Error ? error.message : String(error) });
    }
  };

/** A foreign page, or a foreign name that points here (DNS rebinding), must not read people or move the clock. */
function isFromHere({ headers }: IncomingMessage): boolean {
  const here = `http://${headers.host ?? ''}`;
  const name = URL.canParse(here) ? new URL(here).hostname : '';
  return ['127.0.0.1', 'localhost', '[::1]'].includes(name) && (headers.origin ?? here) === here;
}

async function route(stack: Stack, path: string, url: URL, request: IncomingMessage, response: ServerResponse): Promise<true> {
  switch (path) {
    case 'GET /messages':
      return messages(stack, url, response);
    case 'GET /profiles':
      return person(stack, url, response, profileOf);
    case 'GET /story':
      return person(stack, url, response, storyOf);
    case 'GET /people':
      return answer(response, 200, await listPeople(stack));
    case 'GET /clock':
      return answer(response, 200, { now: isoInstant(stack.clock.now()) });
    case 'POST /clock':
      return advance(stack, await body(request), response);
    case 'POST /settle':
      return answerWhenDone(response, stack.host.settle());
    case 'GET /campaigns':
      return answer(response, 200, await listCampaigns(stack));
    case 'GET /parked':
      return answer(response, 200, await parked(stack));
    case 'GET /queues':
      return answer(response, 200, queuesOf(stack));
    case 'GET /summary':
      return answer(response, 200, summaryOf(stack));
    case 'GET /keys':
      return answer(response, 200, keysOf(stack));
    case 'POST /processing':
      return processing(stack, await body(request), response);
    default:
      if (await servePage(path, response)) return true;
      return answer(response, 404, { problem: `there is no ${path.replace(' ', ` ${prefix}`)}` });
  }
}

async function messages(stack: Stack, url: URL, response: ServerResponse): Promise<true> {
  const newest = url.searchParams.get('newest');
  if (newest !== null && !/^[1-9]\d{0,5}$/.test(newest)) {
    return answer(response, 400, { problem: 'newest must be a number from 1', expected: '/_local/messages?newest=50' });
  }
  return answer(response, 200, await localMessages(stack, newest === null ? {} : { newest: Number(newest) }));
}

async function person(stack: Stack, url: URL, response: ServerResponse, view: (known: Known) => object): Promise<true> {
  if (![...lookupNames, 'id'].some((name) => url.searchParams.has(name))) {
    return answer(response, 400, { problem: `ask by one of ${lookupNames.join(', ')}`, expected: `${url.pathname}?email=…` });
  }
  const known = await lookUp(stack, url.searchParams);
  return known === undefined ? answer(response, 404, { problem: 'nobody is known by that' }) : answer(response, 200, view(known));
}

/** A century: further, dates leave what they can say. */
const furthest = 100 * 365 * 86_400_000;

async function advance(stack: Stack, wanted: Json, response: ServerResponse): Promise<true> {
  const duration = parseIsoDuration(textOf(isObject(wanted) ? wanted['advance'] : undefined) ?? '');
  if (duration === undefined || duration < 0 || duration > furthest) {
    return answer(response, 400, {
      problem: 'advance must be an ISO 8601 duration that goes forward',
      expected: '{"advance":"PT30M"}',
    });
  }
  const moved = stack.host.advance(duration).then(({ now, processed }) => ({ now: isoInstant(now), processed }));
  return answerWhenDone(response, moved);
}

async function parked({ ports }: Stack): Promise<readonly object[]> {
  return (await ports.parking.parked(500)).map((item) => ({ ...item, at: isoInstant(item.at) }));
}

/** Counts of every queue, with the function that takes from it. */
const queuesOf = ({ emulators, host }: Stack) => ({
  queues: emulators.sqs.names().map((name) => ({ name, ...emulators.sqs.queue(name).counts(), handler: handlerOf(name) })),
  schedules,
  paused: host.paused(),
});

const handlerOf = (name: string): FunctionName | null =>
  name.endsWith(deadLetterSuffix)
    ? deadLetters.handler
    : (Object.entries(queues).find(([known]) => known === name)?.[1].handler ?? null);

/** What a page asks again and again: cheap, and `revision` rises with every call of a function. */
const summaryOf = (stack: Stack): object => ({
  now: isoInstant(stack.clock.now()),
  revision: stack.invocations(),
  mails: stack.emulators.ses.accepted(),
  texts: stack.emulators.sns.acceptedTexts(),
  ...queuesOf(stack),
});

/** For pages and tools of this machine: what senders need, and who receives the webhooks of journeys. */
function keysOf({ origin, ports: { secrets } }: Stack): object {
  const keyOf = (trust: string): string | null =>
    Object.entries(secrets.writeKeys).find(([, known]) => known === trust)?.[0] ?? null;
  const secretOf = (connector: string): string | null => secrets.webhookSecrets[connector]?.[0] ?? null;
  return {
    origin,
    browserWriteKey: keyOf('browser'),
    serverWriteKey: keyOf('server'),
    shopifySecret: secretOf('shopify'),
    webhookSecret: secretOf('generic'),
    outgoingSecret: secretOf('relance'),
  };
}

/** `{"running": false}` stops handing events to the functions, `{"running": true}` goes on; `function` names one of them. */
function processing({ host }: Stack, wanted: Json, response: ServerResponse): true {
  const running = isObject(wanted) ? wanted['running'] : undefined;
  const name = isObject(wanted) ? wanted['function'] : undefined;
  const one = pausable.find((known) => known === name);
  if (typeof running !== 'boolean' || (name !== undefined && one === undefined)) {
    return answer(response, 400, {
      problem: 'running must be true or false',
      expected: `{"running":false,"function":"one of ${pausable.join(', ')}"}`,
    });
  }
  if (running) host.resume(one);
  else host.pause(one);
  return answer(response, 200, { paused: host.paused() });
}

const pausable: readonly FunctionName[] = [
  'process-events',
  'advance-journeys',
  'run-timers',
  'run-campaigns',
  'deliver-messages',
  'record-feedback',
  'park-dead-letters',
];

const body = async (request: IncomingMessage): Promise<Json> => parseJson((await text(request)) || '{}');
