/** Every function of the topology is deployed, and reached by exactly what the topology says. */
import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { deadLetters, deadLetterSuffix, functions, queues, routes, schedules, table } from '../../shared/topology.ts';
import { deployedFunctions } from '../../infra/deployed-functions.ts';
import { ofType, type Synthesised } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

const throttle = v.strictObject({ ThrottlingRateLimit: v.number(), ThrottlingBurstLimit: v.number() });

const functionArn = (name: string): string => `arn:aws:lambda:eu-west-3:000000000000:function:relance-${name}`;
const queueArn = (name: string): string => `arn:aws:sqs:eu-west-3:000000000000:relance-${name}`;

const mapping = v.object({
  EventSourceArn: v.string(),
  FunctionName: v.string(),
  BatchSize: v.number(),
  FunctionResponseTypes: v.array(v.string()),
  ScalingConfig: v.exactOptional(v.unknown()),
  FilterCriteria: v.exactOptional(v.never()),
  Enabled: v.exactOptional(v.never()),
});

const mappingsIn = ({ engine }: Synthesised) =>
  ofType(engine, 'AWS::Lambda::EventSourceMapping').map(({ Properties }) => v.parse(mapping, Properties));

const byQueue = (a: { EventSourceArn?: unknown }, b: { EventSourceArn?: unknown }): number =>
  String(a.EventSourceArn) < String(b.EventSourceArn) ? -1 : 1;

export function wiringTests(): void {
  describe('what is deployed', () => {
    test('is every function of the topology, on Node 24 for ARM, with its bundle', async () => {
      const all = ofType((await synthesised()).engine, 'AWS::Lambda::Function').map(({ Properties }) => Properties);
      expect(all.map(({ FunctionName }) => String(FunctionName)).toSorted()).toEqual(
        Object.keys(functions)
          .map((name) => `relance-${name}`)
          .toSorted(),
      );
      for (const properties of all) expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      const deployed = deployedFunctions(await synthesised());
      for (const [name, { timeoutSeconds, memoryMb }] of Object.entries(functions)) {
        expect(deployed.get(name)).toMatchObject({ timeoutSeconds, memoryMb });
        expect(existsSync(deployed.get(name)!.bundle)).toBe(true);
      }
    });

    test.each(Object.keys(functions))('%s finds all that it reads in its environment', async (name) => {
      const { environment } = deployedFunctions(await synthesised()).get(name)!;
      expect(environment).toEqual({
        ...Object.fromEntries(
          Object.entries(queues).map(([queue, { urlVariable }]) => [
            urlVariable,
            `https://sqs.eu-west-3.amazonaws.com/000000000000/relance-${queue}`,
          ]),
        ),
        [table.nameVariable]: 'relance',
        LINK_ORIGIN: 'https://relance-doors.execute-api.eu-west-3.amazonaws.com',
        RELANCE_SECRETS_PATH: '/relance/secrets',
        SES_CONFIGURATION_SET: 'relance',
      });
    });

    test('is every mapping of a queue to its function, and every answer names the messages that failed', async () => {
      const expected = Object.entries(queues).flatMap(([name, { handler, batchSize, maxConcurrency }]) => [
        {
          EventSourceArn: queueArn(name),
          FunctionName: `relance-${handler}`,
          BatchSize: batchSize,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...(maxConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: maxConcurrency } }),
        },
        {
          EventSourceArn: queueArn(name + deadLetterSuffix),
          FunctionName: `relance-${deadLetters.handler}`,
          BatchSize: deadLetters.batchSize,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      ]);
      expect(mappingsIn(await synthesised()).toSorted(byQueue)).toEqual(expected.toSorted(byQueue));
    });

    test('is every route to its function, which nobody but this API may call', async () => {
      const { engine } = await synthesised();
      const integrations = new Map(
        ofType(engine, 'AWS::ApiGatewayV2::Integration').map(({ id, Properties }) => [`integrations/${id}`, Properties]),
      );
      const opened = ofType(engine, 'AWS::ApiGatewayV2::Route').map(({ Properties: { RouteKey, Target } }) => {
        const { IntegrationUri, PayloadFormatVersion } = integrations.get(String(Target)) ?? {};
        return { RouteKey, IntegrationUri, PayloadFormatVersion };
      });
      const byKey = (a: { RouteKey: unknown }, b: { RouteKey: unknown }): number =>
        String(a.RouteKey) < String(b.RouteKey) ? -1 : 1;
      expect(opened.toSorted(byKey)).toEqual(
        routes
          .map(({ method, path, handler }) => ({
            RouteKey: `${method} ${path}`,
            IntegrationUri: functionArn(handler),
            PayloadFormatVersion: '2.0',
          }))
          .toSorted(byKey),
      );
      for (const { Properties } of ofType(engine, 'AWS::Lambda::Permission')) {
        expect(Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com', Action: 'lambda:InvokeFunction' });
        expect(Properties['SourceArn']).toMatch(/^arn:aws:execute-api:eu-west-3:000000000000:relance-doors\/\*\/\*\//);
      }
    });

    test('throttles each route by itself, and waits for the routes that it throttles', async () => {
      const { engine } = await synthesised();
      const [stage] = ofType(engine, 'AWS::ApiGatewayV2::Stage');
      const settings = v.parse(v.record(v.string(), throttle), stage?.Properties['RouteSettings']);
      expect(Object.keys(settings).toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
      const ids = ofType(engine, 'AWS::ApiGatewayV2::Route').map(({ id }) => id);
      expect(stage?.DependsOn).toEqual(expect.arrayContaining(ids));
      expect(JSON.stringify(stage?.Properties['AccessLogSettings'])).not.toMatch(/context\.(path|identity)|querystring/);
    });

    test('is every schedule, by a role that may call this function for this account alone', async () => {
      const { engine } = await synthesised();
      const all = ofType(engine, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
      expect(all).toMatchObject(
        schedules.map(({ name, handler, everyMinutes }) => ({
          Name: `relance-${name}`,
          ScheduleExpression: everyMinutes === 1 ? 'rate(1 minute)' : `rate(${everyMinutes} minutes)`,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: functionArn(handler) },
        })),
      );
      const trusting = ofType(engine, 'AWS::IAM::Role').filter(({ Properties }) =>
        JSON.stringify(Properties).includes('scheduler.'),
      );
      for (const { Properties } of trusting)
        expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
          Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } }],
        });
    });

    test('keeps its logs for 14 days, as JSON', async () => {
      const { engine } = await synthesised();
      for (const { Properties } of ofType(engine, 'AWS::Logs::LogGroup')) expect(Properties['RetentionInDays']).toBe(14);
      for (const { Properties } of ofType(engine, 'AWS::Lambda::Function')) {
        const LogGroup = `/aws/lambda/${String(Properties['FunctionName'])}`;
        expect(Properties['LoggingConfig']).toMatchObject({ LogFormat: 'JSON', LogGroup });
      }
    });

    test('lets only the function that queues for itself step after step do so more than sixteen times in a row', async () => {
      const allowed = ofType((await synthesised()).engine, 'AWS::Lambda::Function').filter(
        ({ Properties }) => Properties['RecursiveLoop'] === 'Allow',
      );
      expect(allowed.map(({ Properties }) => Properties['FunctionName'])).toEqual(['relance-advance-journeys']);
    });
  });
}
