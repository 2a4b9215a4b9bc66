/** Every queue that deploys behaves like the one that local runs use: redrive, visibility, delay, retention. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../local/clock.ts';
import type { QueueSettings } from '../../local/emulators/sqs-queue-settings.ts';
import { type Emulators, startEmulators } from '../../local/emulators/start.ts';
import { productTopology } from '../../local/host/host-topology.ts';
import { createQueues } from '../../local/host/queues.ts';
import { deadLetterSuffix, queues } from '../../shared/topology.ts';
import { ofType } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

const prefix = 'relance-';
const allNames = Object.keys(queues).flatMap((name) => [name, name + deadLetterSuffix]);

/** CloudFormation names attributes as the API does, but for their types and what is no attribute. */
const attributes = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name !== 'QueueName' && name !== 'Tags')
      .map(([name, value]) => [name, JSON.stringify(value)]),
  );

/** What of a queue decides how messages fare. */
const behaviour = ({
  delaySeconds,
  visibilitySeconds,
  retentionSeconds,
  waitSeconds,
  largestMessage,
  redrive,
}: QueueSettings) => ({
  delaySeconds,
  visibilitySeconds,
  retentionSeconds,
  waitSeconds,
  largestMessage,
  redrive: redrive && { ...redrive, target: redrive.target.replace(prefix, '') },
});

export function queueTests(): void {
  describe('the queues', () => {
    let emulators: Emulators;
    beforeAll(async () => {
      emulators = await startEmulators({ clock: createClock() });
      createQueues(emulators.sqs, productTopology);
      for (const { Properties } of ofType((await synthesised()).engine, 'AWS::SQS::Queue'))
        emulators.sqs.ensureQueue(String(Properties['QueueName']), attributes(Properties));
    });
    afterAll(() => emulators.stop());

    test('that deploy are those that local runs use', async () => {
      const names = ofType((await synthesised()).engine, 'AWS::SQS::Queue').map(({ Properties }) =>
        String(Properties['QueueName']),
      );
      expect(names.toSorted()).toEqual(allNames.map((name) => prefix + name).toSorted());
    });

    test.each(allNames)('%s fares the same in both', (name) => {
      const deployed = behaviour(emulators.sqs.queue(prefix + name).settings);
      expect(deployed).toEqual(behaviour(emulators.sqs.queue(name).settings));
    });

    test.each(Object.keys(queues))('%s gives up after twenty deliveries', (name) => {
      const { redrive } = behaviour(emulators.sqs.queue(prefix + name).settings);
      expect(redrive).toEqual({ target: name + deadLetterSuffix, maxReceiveCount: 20 });
    });

    test('are encrypted with keys that cost nothing, and speak TLS only', async () => {
      const { engine } = await synthesised();
      const all = ofType(engine, 'AWS::SQS::Queue');
      expect(all.map(({ Properties }) => Properties['SqsManagedSseEnabled'])).toEqual(all.map(() => true));
      const policies = ofType(engine, 'AWS::SQS::QueuePolicy').map(({ Properties }) => JSON.stringify(Properties));
      for (const { Properties } of all) {
        const own = policies.find((policy) =>
          policy.includes(`"https://sqs.eu-west-3.amazonaws.com/000000000000/${String(Properties['QueueName'])}"`),
        );
        expect(own).toContain('"aws:SecureTransport":"false"');
      }
    });
  });
}
