/**
 * Nothing the emulators accepted is lost when their process is killed, and messages in flight come back.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minute, standingClock, startStack } from './stack.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'relance-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const child = `
  import { createClock } from ${JSON.stringify(new URL('../../local/clock.ts', import.meta.url).href)};
  import { startEmulators } from ${JSON.stringify(new URL('../../local/emulators/start.ts', import.meta.url).href)};
  const clock = createClock();
  clock.standAt(Date.UTC(2099, 0, 1));
  const emulators = await startEmulators({ clock, file: process.argv[1] });
  emulators.sqs.createQueue('jobs', { VisibilityTimeout: '60' });
  emulators.sns.phones.optOut('+33612345678');
  console.log(emulators.origin);
`;

test('after kill -9, every accepted message and mail is there, deleted ones are not, and the one in flight returns on time', async () => {
  const file = join(folder, 'aws.sqlite');
  const running = spawn(process.execPath, ['--input-type=module', '-e', child, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const endpoint = await new Promise<string>((resolve) => createInterface(running.stdout).once('line', resolve));
  const client = { endpoint, region: 'eu-west-3', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };
  const sqs = new SQSClient(client);
  const ses = new SESClient(client);
  const QueueUrl = `${endpoint}/000000000000/jobs`;
  for (let job = 0; job < 50; job += 1) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `job ${job}` }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 120 }));
  const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: received.Messages?.[0]?.ReceiptHandle }));
  await ses.send(
    new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('From: a@example.com\r\nTo: b@example.org\r\n\r\nx') } }),
  );
  const gone = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGKILL');
  await gone;

  const clock = standingClock();
  clock.standAt(Date.UTC(2099, 0, 1));
  const stack = await startStack({ clock, file });
  const queue = stack.emulators.sqs.queue('jobs');
  expect(queue.counts()).toEqual({ visible: 48, delayed: 1, inFlight: 1 });
  expect(queue.nextChange()).toBe(Date.UTC(2099, 0, 1) + minute);
  clock.standAt(Date.UTC(2099, 0, 1) + minute);
  const bodies = Array.from({ length: 5 }, () => queue.take(10))
    .flat()
    .map(({ message }) => message.body);
  expect(bodies.toSorted()).toEqual(Array.from({ length: 49 }, (_, job) => `job ${job + 1}`).toSorted());
  queue.delete(received.Messages?.[1]?.ReceiptHandle ?? '');
  expect(queue.counts().inFlight).toBe(49);
  expect(stack.emulators.ses.inbox()).toHaveLength(1);
  expect(stack.emulators.sns.phones.optedOut()).toEqual(['+33612345678']);
  await stack.stop();
  for (const one of [sqs, ses]) one.destroy();
});

test('a second server on the same file is refused with the reason', async () => {
  const file = join(folder, 'aws.sqlite');
  const stack = await startStack({ file });
  await expect(startStack({ file })).rejects.toThrow('another Relance runs on this data folder');
  await stack.stop();
  await (await startStack({ file })).stop();
});
