/** Queues keep their promises in memory and on SQS; and what only SQS can do: refuse a part, be slow, be gone. */
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SendMessageBatchResultEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock, type ProductClock } from '../../local/clock.ts';
import { type Emulators, startEmulators } from '../../local/emulators/start.ts';
import { sqsClient } from '../../shared/adapters/aws/client.ts';
import { awsQueues, type QueuesOnSqs } from '../../shared/adapters/aws/queues.ts';
import { MemoryQueues } from '../../shared/adapters/memory/queues.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import type { QueueName } from '../../shared/topology.ts';
import { localAccess } from './embedded-table.ts';
import { anEnvelope, queuesContract, type QueueWorld } from './queues.contract.ts';

const start = 1_763_920_000_000;

describe('in memory', () => {
  queuesContract(() => {
    let time = start;
    const queues = new MemoryQueues(() => time);
    const receive = async (queue: QueueName): Promise<readonly unknown[]> => {
      if (queue === 'events') return queues.takeEvents();
      if (queue === 'work') return queues.takeWork(time);
      return queues.takeOutbox(queue === 'outbox-triggered' ? 'triggered' : 'campaign');
    };
    return Promise.resolve({ queues, now: () => time, advance: (ms) => void (time += ms), receive });
  });
});

describe('on SQS', () => {
  const names: readonly QueueName[] = ['events', 'work', 'outbox-triggered', 'outbox-campaign'];
  let clock: ProductClock;
  let emulators: Emulators;
  let sqs: SQSClient;

  beforeAll(async () => {
    clock = createClock({ system: () => start });
    clock.standAt(start);
    emulators = await startEmulators({ clock });
    sqs = sqsClient({ ...localAccess, AWS_ENDPOINT_URL: emulators.origin });
  });

  afterAll(async () => {
    sqs.destroy();
    await emulators.stop();
  });

  const fresh = (): QueuesOnSqs => {
    for (const name of names) emulators.sqs.ensureQueue(name, {}).purge();
    const urls = {
      events: emulators.sqs.urlOf('events'),
      work: emulators.sqs.urlOf('work'),
      'outbox-triggered': emulators.sqs.urlOf('outbox-triggered'),
      'outbox-campaign': emulators.sqs.urlOf('outbox-campaign'),
      feedback: emulators.sqs.urlOf('feedback'),
    };
    return { sqs, urls, identifierKey: 'key' };
  };

  const receive = async (queue: QueueName): Promise<readonly unknown[]> => {
    const QueueUrl = emulators.sqs.urlOf(queue);
    const all: unknown[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return all;
      for (const { Body, ReceiptHandle } of Messages) {
        all.push(JSON.parse(Body ?? ''));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };

  queuesContract((): Promise<QueueWorld> => {
    const advance = (ms: number): void => clock.standAt(clock.now() + ms);
    return Promise.resolve({ queues: awsQueues(fresh()), now: () => clock.now(), advance, receive });
  });

  test('messages are grouped by person or campaign, without personal data', async () => {
    const queues = awsQueues(fresh());
    const groups = (queue: QueueName) =>
      emulators.sqs
        .queue(queue)
        .peek(10)
        .map(({ groupId }) => groupId);
    const link = { ...anEnvelope('e-2'), identifiers: [], personId: 'P1' };
    await queues.sendEvents([anEnvelope('e-1'), link]);
    expect(groups('events')).toEqual([claimKey('key', { type: 'anonymousId', value: 'anon-e-1' }), 'P1']);
    await queues.sendWork([{ person: 'P1', journey: 'j', key: 'k', due: clock.now() }], clock.now());
    expect(groups('work')).toEqual(['P1']);
    const message = { person: 'P1', sendKey: 's', orderTime: 1 };
    await queues.sendOutbox([{ ...message, journey: 'bienvenue', key: 'k' }], 'triggered');
    const place = { wave: 1, page: 0, ordinal: 0 };
    await queues.sendOutbox(
      [{ ...message, campaign: 'soldes', day: '2026-12-01', version: 'v', generation: 1, place, asked: 1 }],
      'campaign',
    );
    expect([groups('outbox-triggered'), groups('outbox-campaign')]).toEqual([['P1'], ['soldes']]);
  });

  test('work that was received and not acknowledged is counted as in work', async () => {
    const queues = awsQueues(fresh());
    await queues.sendWork([{ person: 'P1', journey: 'j', key: 'k', due: clock.now() }], clock.now());
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: emulators.sqs.urlOf('work') }));
    expect(await queues.workBacklog()).toEqual({ waiting: 0, delayed: 0, inWork: 1 });
  });

  describe('that refuses a part of a batch', () => {
    /** A client whose answers say that these entries failed, as often as told. */
    const refusing = (
      times: number,
      failed: { readonly Code: string; readonly SenderFault: boolean },
      ids: readonly string[],
    ) => {
      const client = sqsClient({ ...localAccess, AWS_ENDPOINT_URL: emulators.origin });
      const asked: (readonly string[])[] = [];
      let left = times;
      client.middlewareStack.add(
        (next) => async (request) => {
          const entries = 'Entries' in request.input ? (request.input.Entries ?? []) : [];
          asked.push(entries.map(({ Id }) => Id ?? ''));
          if ((left -= 1) < 0) return next(request);
          const refused = entries.filter(({ Id }) => ids.includes(Id ?? ''));
          const Failed = refused.map(({ Id }) => ({ Id, ...failed }));
          const Successful: SendMessageBatchResultEntry[] = [];
          return { response: {}, output: { $metadata: {}, Successful, Failed } };
        },
        { step: 'initialize', name: 'refuseEntries' },
      );
      return { client, asked };
    };
    const envelopes = ['a', 'b', 'c'].map((id) => anEnvelope(id));

    test('only that part is sent again, until it is accepted', async () => {
      const { client, asked } = refusing(2, { Code: 'InternalError', SenderFault: false }, ['1']);
      await awsQueues({ ...fresh(), sqs: client }).sendEvents(envelopes);
      expect(asked).toEqual([['0', '1', '2'], ['1'], ['1']]);
      expect(await receive('events')).toEqual([envelopes[1]]);
    });

    test('and goes on refusing, nothing is answered', async () => {
      const { client, asked } = refusing(99, { Code: 'InternalError', SenderFault: false }, ['2']);
      await expect(awsQueues({ ...fresh(), sqs: client }).sendEvents(envelopes)).rejects.toThrow(Unavailable);
      expect(asked).toHaveLength(4);
    });

    test('for a fault of ours, it is not asked again', async () => {
      const { client, asked } = refusing(99, { Code: 'InvalidMessageContents', SenderFault: true }, ['0']);
      await expect(awsQueues({ ...fresh(), sqs: client }).sendEvents(envelopes)).rejects.toThrow(/InvalidMessageContents/);
      expect(asked).toHaveLength(1);
    });
  });

  test('that cannot be reached is unavailable, and says what was tried', async () => {
    const client = sqsClient({ ...localAccess, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    await expect(awsQueues({ ...fresh(), sqs: client }).sendEvents([anEnvelope('a')])).rejects.toThrow(Unavailable);
    await expect(awsQueues({ ...fresh(), sqs: client }).workBacklog()).rejects.toThrow(/count the work queue: .*ECONNREFUSED/);
  });
});
