/** A shop whose functions are the bundles of dist/, behind their policies, and what each of them may see. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { BundledFunctions } from '../../local/containers/bundled-functions.ts';
import type { Bundles } from '../../local/containers/make-bundles.ts';
import type { Container } from '../../local/containers/container.ts';
import type { Stack } from '../../local/stack.ts';
import { cartAndClubBy } from '../stories/changed-config.ts';
import { shop, type Shop } from '../stories/shop.ts';
import { PolicyDoor } from './policy-door.ts';

/** What a function may see, and nothing else. */
function environmentOf(bundles: Bundles, name: string, { emulators: { sqs }, origin }: Stack, door: string) {
  const { functionName, bundle, environment, memoryMb } = bundles.functions[name]!;
  const fromTemplate = {
    TABLE_NAME: 'relance',
    EVENTS_QUEUE_URL: sqs.urlOf('events'),
    WORK_QUEUE_URL: sqs.urlOf('work'),
    OUTBOX_TRIGGERED_QUEUE_URL: sqs.urlOf('outbox-triggered'),
    OUTBOX_CAMPAIGN_QUEUE_URL: sqs.urlOf('outbox-campaign'),
    FEEDBACK_QUEUE_URL: sqs.urlOf('feedback'),
    LINK_ORIGIN: origin,
    RELANCE_SECRETS_PATH: '/relance/secrets',
    SES_CONFIGURATION_SET: 'relance',
  };
  expect(Object.keys(environment).toSorted()).toEqual(Object.keys(fromTemplate).toSorted());
  return {
    ...fromTemplate,
    AWS_ENDPOINT_URL_DYNAMODB: door,
    AWS_ENDPOINT_URL_SQS: door,
    AWS_ENDPOINT_URL_SNS: door,
    AWS_ENDPOINT_URL_SES: door,
    AWS_ENDPOINT_URL_SSM: door,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    _HANDLER: 'handler.handler',
    AWS_REGION: 'eu-west-3',
    AWS_DEFAULT_REGION: 'eu-west-3',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: dirname(bundle),
  };
}

export class DeployedShop {
  readonly failures: string[] = [];
  readonly door: PolicyDoor;
  readonly shop: Shop;
  readonly #bundles: Bundles;
  #functions: BundledFunctions | undefined;
  #origin = '';

  constructor(bundles: Bundles) {
    this.#bundles = bundles;
    this.door = new PolicyDoor(bundles.functions);
    beforeAll(() => this.door.open());
    this.shop = shop({
      config: cartAndClubBy('email', 'sms'),
      functions: (ready) => this.#run(ready),
      onOutcome: ({ functionName, failure }) => {
        if (failure !== undefined) this.failures.push(`${functionName}: ${failure}`);
      },
    });
    afterAll(() => this.door.close());
  }

  environmentOf(name: string) {
    return environmentOf(this.#bundles, name, this.shop.stack(), this.#origin);
  }

  async containers(): Promise<ReadonlyMap<string, readonly Container[]>> {
    return (await this.#functions?.containers()) ?? new Map<string, readonly Container[]>();
  }

  async profileOf(email: string) {
    return this.shop.profile(`email=${encodeURIComponent(email)}`);
  }

  #run(ready: Promise<Stack>): BundledFunctions {
    const endpoints = ({ tableEndpoint, emulators }: Stack) => {
      const instead = this.door.inFrontOf({ dynamodb: tableEndpoint, others: emulators.origin });
      this.#origin = instead.others;
      return instead;
    };
    this.#functions = new BundledFunctions(ready, this.#bundles, { endpoints });
    return this.#functions;
  }
}
