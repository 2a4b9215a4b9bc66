/** Every alarm reaches a person, and says where it is written what to do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../infra/bundles.ts';
import { deadLetterSuffix, functions, queues } from '../../shared/topology.ts';
import { ofType } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

const runbook = readFileSync(join(projectRoot, 'docs', 'runbook.md'), 'utf8');
const headings = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** Not an alarm of CloudWatch: AWS Budgets writes by itself. */
const withoutAlarm = ['the-month-gets-dear'];

const filter = v.object({ LogGroupName: v.string(), MetricTransformations: v.array(v.object({ MetricName: v.string() })) });

const alarms = async () => ofType((await synthesised()).engine, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

const sectionOf = (description: unknown): string => /docs\/runbook\.md#([a-z-]+)$/.exec(String(description))?.[1] ?? 'none';

export function alarmTests(): void {
  describe('alarms', () => {
    test('name a section of the runbook each, and each section has an alarm', async () => {
      const named = new Set((await alarms()).map(({ AlarmDescription }) => sectionOf(AlarmDescription)));
      expect([...named, ...withoutAlarm].toSorted()).toEqual(headings.map(anchorOf).toSorted());
    });

    test('tell the same person when they begin and when they end', async () => {
      const { messaging } = await synthesised();
      const topic = ['arn:aws:sns:eu-west-3:000000000000:relance-alarms'];
      for (const alarm of await alarms()) expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
      expect(ofType(messaging, 'AWS::SNS::Subscription').map(({ Properties }) => Properties)).toMatchObject([
        { TopicArn: topic[0], Protocol: 'email', Endpoint: 'you@example.com' },
      ]);
      const policy = ofType(messaging, 'AWS::SNS::TopicPolicy').map(({ Properties }) => JSON.stringify(Properties));
      expect(policy.find((text) => text.includes('relance-alarms'))).toContain(
        '"Principal":{"Service":"cloudwatch.amazonaws.com"}',
      );
    });

    test('are as many as the reckoning of costs says, on as many metrics', async () => {
      const all = await alarms();
      const metrics = all.flatMap((alarm) => {
        const parts = v.optional(v.array(v.object({ MetricStat: v.optional(v.unknown()) })), [{ MetricStat: {} }]);
        return v.parse(parts, alarm['Metrics']).filter(({ MetricStat }) => MetricStat !== undefined);
      });
      const costs = readFileSync(join(projectRoot, 'docs', 'costs.md'), 'utf8');
      expect(costs).toContain(`| alarms | ${all.length}, on ${metrics.length} metrics | ${(metrics.length * 0.1).toFixed(2)} |`);
    });

    test('watch every queue, and every dead-letter queue', async () => {
      const all = await alarms();
      const watched = (metric: string) =>
        all.flatMap((alarm) => {
          const text = JSON.stringify(alarm);
          return text.includes(metric)
            ? [...text.matchAll(/"Name":"QueueName","Value":"relance-([\w-]+)"/g)].map(([, name = '']) => name)
            : [];
        });
      expect(watched('ApproximateAgeOfOldestMessage').toSorted()).toEqual(Object.keys(queues).toSorted());
      expect(watched('ApproximateNumberOfMessagesVisible').toSorted()).toEqual(
        Object.keys(queues)
          .map((name) => name + deadLetterSuffix)
          .toSorted(),
      );
    });

    test('read errors and parked items out of the log of every function', async () => {
      const filters = ofType((await synthesised()).engine, 'AWS::Logs::MetricFilter').map(({ Properties }) =>
        v.parse(filter, Properties),
      );
      for (const name of Object.keys(functions)) {
        const own = filters.filter(({ LogGroupName }) => LogGroupName === `/aws/lambda/relance-${name}`);
        const metrics = own.flatMap(({ MetricTransformations }) => MetricTransformations.map(({ MetricName }) => MetricName));
        expect(metrics).toEqual(['Errors', 'Parked']);
      }
    });

    test('silence of the timers is an alarm, silence of anything else is not', async () => {
      const breaching = (await alarms()).filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
      expect(breaching.map(({ AlarmName }) => AlarmName)).toEqual([
        'relance-run-timers-stands-still',
        'relance-run-campaigns-stands-still',
      ]);
    });

    test('cost at most two dollars a month: ten metrics are free, each further one is ten cents', async () => {
      const metrics = (await alarms()).map((alarm) => JSON.stringify(alarm).split('"MetricName"').length - 1);
      const priced = Math.max(0, metrics.reduce((sum, count) => sum + count, 0) - 10);
      expect(priced * 0.1).toBeLessThanOrEqual(2);
    });
  });
}
