/**
 * The HTTP surface: the routes of the topology, each with a throttle of its own, so that one noisy caller neither costs a
 * fortune nor takes the account's Lambda concurrency from the others.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type FunctionName, type Route, routes } from '../../shared/topology.ts';
import { acknowledge } from '../acknowledge.ts';
import { constructId } from '../construct-id.ts';
import type { ResourceNames } from '../resource-names.ts';
import { RunbookAlarm } from './runbook-alarm.ts';
import type { StageFunction } from './stage-function.ts';

export interface DoorsProps {
  readonly names: ResourceNames;
  readonly alarmTopic: ITopic;
}

interface Door {
  /** Requests a second, for long. */
  readonly rate: number;
  /** At once. */
  readonly burst: number;
  /** Why API Gateway need not ask who is calling. */
  readonly proof: string;
}

/** By the function that answers. */
const usual = { rate: 50, burst: 100 };
const doors: Readonly<Record<string, Door>> = {
  'collect-events': { rate: 200, burst: 400, proof: 'the function proves the write key; a browser key may only append events' },
  // Shops send in bursts after a sale or an outage, and come again when refused.
  'receive-webhook': {
    rate: 50,
    burst: 200,
    proof: 'the function proves the signature over the raw bytes, which an authorizer never sees',
  },
  // Link scanners of large companies open every link of a campaign at once.
  'follow-links': {
    rate: 100,
    burst: 300,
    proof: 'the link itself is signed, and whoever got the mail may follow it without a login',
  },
} satisfies Partial<Record<FunctionName, Door>>;

/** No path and no address: the path of a link says who was written to. */
const accessLog = {
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};

export class Doors extends Construct {
  readonly api: HttpApi;
  readonly stage: CfnStage;
  readonly #names: ResourceNames;

  constructor(scope: Construct, id: string, { names, alarmTopic }: DoorsProps) {
    super(scope, id);
    this.#names = names;
    this.api = new HttpApi(this, 'Api', { apiName: names.of('doors'), createDefaultStage: false });
    const logs = new LogGroup(this, 'AccessLogs', { logGroupName: `/aws/apigateway/${names.of('doors')}` });
    this.stage = new CfnStage(this, 'Stage', {
      apiId: this.api.apiId,
      stageName: '$default',
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: usual.rate, throttlingBurstLimit: usual.burst },
      routeSettings: Object.fromEntries(routes.map((route) => [routeKey(route), settingsOf(route)])),
      accessLogSettings: { destinationArn: logs.logGroupArn, format: JSON.stringify(accessLog) },
    });
    this.#alarm(alarmTopic);
  }

  /** `https://…` of API Gateway itself. */
  get origin(): string {
    return `https://${this.api.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
  }

  /** Opens every route to the function that answers it. */
  open(stageOf: (name: FunctionName) => StageFunction): void {
    const handlers = new Set(routes.map(({ handler }) => handler));
    for (const handler of handlers) {
      const integration = new HttpLambdaIntegration(`${constructId(handler)}Integration`, stageOf(handler).lambda);
      for (const { method, path } of routes.filter((route) => route.handler === handler)) {
        const opened = this.api.addRoutes({ path, methods: [HttpMethod[method]], integration });
        const proof = doors[handler]?.proof;
        if (proof !== undefined) acknowledge(opened, { 'AwsSolutions-APIG4': proof });
        // A stage that throttles a route which does not exist yet is refused.
        this.stage.node.addDependency(...opened);
      }
    }
  }

  #alarm(topic: ITopic): void {
    new RunbookAlarm(this, 'Fail', {
      name: this.#names.of('requests-fail'),
      says: 'Requests from shops, apps or links were answered with an error of ours.',
      section: 'requests-fail',
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: this.api.apiId },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      from: 5,
      topic,
    });
  }
}

const routeKey = ({ method, path }: Route): string => `${method} ${path}`;

/** CDK passes these on as they are: in CloudFormation's own spelling. */
function settingsOf({ handler }: Route) {
  const { rate, burst } = doors[handler] ?? usual;
  return { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst };
}
