/** The local SES tells what becomes of a mail as AWS does: to whom it is connected, in its JSON, a moment later. */
import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectFeedback } from '../../local/feedback.ts';
import { readSesFeedback } from '../../shared/channels/ses-feedback.ts';
import { messageTags } from '../../shared/channels/tags.ts';
import { feedback } from '../../shared/topology.ts';
import { startStack, type Stack } from './stack.ts';

let stack: Stack;
beforeEach(async () => {
  stack = await startStack();
  stack.emulators.sqs.ensureQueue(feedback.queue, {});
  connectFeedback(stack.emulators);
});
afterEach(() => stack.stop());

const identity = {
  person: '01JD0000000000000000000000',
  sendKey: 'AbC_-0123456789x',
  orderTime: 1_795_456_800_000,
  cause: { kind: 'journey', name: 'panier-abandonne', step: '2' },
} as const;

const send = (to: string, configurationSet?: string) =>
  stack.ses.send(
    new SendRawEmailCommand({
      Source: 'bonjour@news.example',
      Destinations: [to],
      RawMessage: {
        Data: Buffer.from(`From: Atelier <bonjour@news.example>\r\nTo: ${to}\r\nSubject: Bonjour\r\n\r\nBonjour\r\n`),
      },
      Tags: Object.entries(messageTags(identity)).map(([Name, Value]) => ({ Name, Value })),
      ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
    }),
  );

const told = () =>
  stack.emulators.sqs
    .queue(feedback.queue)
    .peek(10)
    .map(({ body, sentAt, visibleAt }) => ({ body, after: visibleAt - sentAt }));

test.each([
  ['ada@example.com', ['accepted', 'delivered']],
  ['success@simulator.amazonses.com', ['accepted', 'delivered']],
  ['bounce@simulator.amazonses.com', ['accepted', 'bounced']],
  ['Bounce+Lea@Simulator.amazonses.com', ['accepted', 'bounced']],
  ['suppressionlist@simulator.amazonses.com', ['accepted', 'bounced']],
  ['complaint@simulator.amazonses.com', ['accepted', 'delivered', 'complained']],
  ['ooto@simulator.amazonses.com', ['accepted', 'delivered', 'bounced']],
  ['bounce@simulator.amazonses.com.example', ['accepted', 'delivered']],
])('%s: %j, each later than the one before', async (to, kinds) => {
  const { MessageId } = await send(to, feedback.configurationSet);
  const events = told();
  const receipts = events.map(({ body }) => readSesFeedback(body));
  expect(receipts).toMatchObject(
    kinds.map((kind) => ({
      kind: 'feedback',
      providerId: MessageId,
      to: [to],
      mark: { kind },
      about: { by: 'tags', ...identity },
    })),
  );
  const after = events.map((event) => event.after);
  expect(after).toEqual([...new Set(after)].toSorted((a, b) => a - b));
  expect(after[0]).toBeGreaterThan(0);
});

test('a mail says when, from whom, to whom and with which headers and tags it went', async () => {
  await send('ada@example.com', feedback.configurationSet);
  const shape = v.strictObject({
    eventType: v.literal('Send'),
    mail: v.strictObject({
      timestamp: v.pipe(v.string(), v.isoTimestamp()),
      source: v.literal('bonjour@news.example'),
      sourceArn: v.literal('arn:aws:ses:eu-west-3:000000000000:identity/news.example'),
      sendingAccountId: v.literal('000000000000'),
      messageId: v.string(),
      destination: v.tuple([v.literal('ada@example.com')]),
      headersTruncated: v.literal(false),
      headers: v.array(v.strictObject({ name: v.string(), value: v.string() })),
      commonHeaders: v.object({ from: v.array(v.string()), to: v.array(v.string()), subject: v.literal('Bonjour') }),
      tags: v.record(v.string(), v.tuple([v.string()])),
    }),
    send: v.strictObject({}),
  });
  expect(v.safeParse(shape, JSON.parse(told()[0]?.body ?? '')).issues).toBeUndefined();
});

test('without the configuration set nothing is told, and connecting again tells nothing twice', async () => {
  await send('ada@example.com');
  await send('ada@example.com', 'another');
  expect(told()).toEqual([]);
  connectFeedback(stack.emulators);
  await send('ada@example.com', feedback.configurationSet);
  expect(told()).toHaveLength(2);
});
