/**
 * The functions as they deploy: bundles of dist/, each in threads of its own, with the environment of the synthesised
 * template and its secrets in Parameter Store. `npm start -- --dist` runs them.
 */
import type { DeployedFunction } from '../../infra/deployed-functions.ts';
import { type FunctionName, secretParameters, variables } from '../../shared/topology.ts';
import { type FunctionHosting, forEveryFunction } from '../host/function-hosting.ts';
import type { LambdaContext, LambdaHandler } from '../host/invocation.ts';
import type { Stack } from '../stack.ts';
import { Container } from './container.ts';
import { ContainerPool } from './container-pool.ts';
import { type Endpoints, lambdaEnvironment } from './lambda-environment.ts';
import type { Bundles } from './make-bundles.ts';
import { shareClock, type SharedClock } from './shared-clock.ts';

export interface BundledOptions {
  readonly onLine?: (line: string) => void;
  /** Lets tests stand between the functions and the emulators. */
  readonly endpoints?: (stack: Stack) => Endpoints;
}

const endpointsOf = ({ tableEndpoint, emulators }: Stack): Endpoints => ({ dynamodb: tableEndpoint, others: emulators.origin });

interface Deployed {
  readonly settings: DeployedFunction;
  readonly pool: ContainerPool;
}

export class BundledFunctions implements FunctionHosting {
  readonly handlers: FunctionHosting['handlers'];
  readonly #options: BundledOptions;
  readonly #bundles: Bundles;
  readonly #deployed: Promise<Readonly<Record<FunctionName, Deployed>>>;
  #clock: SharedClock | undefined;

  /** What is called before the stack is ready waits for it. */
  constructor(ready: Promise<Stack>, bundles: Bundles, options: BundledOptions = {}) {
    this.#options = options;
    this.#bundles = bundles;
    this.#deployed = ready.then((stack) => this.#deploy(stack));
    this.#deployed.catch(() => undefined); // each call tells it
    this.handlers = forEveryFunction((name): LambdaHandler => {
      return async (event, context) => {
        const { pool, settings } = (await this.#deployed)[name];
        return pool.call(event, contextOf(settings, context));
      };
    });
  }

  /** Those alive, by function. */
  async containers(): Promise<ReadonlyMap<string, readonly Container[]>> {
    return new Map(Object.entries(await this.#deployed).map(([name, { pool }]) => [name, pool.containers()]));
  }

  async stop(): Promise<void> {
    this.#clock?.stop();
    const deployed = await this.#deployed.catch(() => undefined);
    if (deployed !== undefined) await Promise.all(Object.values(deployed).map(({ pool }) => pool.stop()));
  }

  #deploy(stack: Stack): Readonly<Record<FunctionName, Deployed>> {
    const { onLine = () => undefined, endpoints = endpointsOf } = this.#options;
    const { clock, emulators, origin } = stack;
    const shared = shareClock(clock);
    this.#clock = shared;
    const aws = { origin, endpoints: endpoints(stack), queueUrl: (queue: string) => emulators.sqs.urlOf(queue) };
    return forEveryFunction((name) => {
      const settings = this.#bundles.functions[name];
      if (settings === undefined) throw new Error(`the template has no ${name}`);
      const environment = lambdaEnvironment(settings, this.#bundles, aws);
      storeSecrets(stack, environment[variables.secretsPath] ?? '');
      const { bundle, memoryMb } = settings;
      const pool = new ContainerPool(
        (onEnd) => new Container({ bundle, clock: shared.cell, environment, memoryMb, onLine, onEnd }),
      );
      return { settings, pool };
    });
  }
}

/** Where `relance setup` puts them in AWS. */
function storeSecrets({ emulators, ports }: Stack, path: string): void {
  for (const [parameter, value] of [
    [secretParameters.identifierKey, ports.secrets.identifierKey],
    [secretParameters.linkKeys, ports.secrets.linkKeys],
    [secretParameters.writeKeys, ports.secrets.writeKeys],
    [secretParameters.webhookSecrets, ports.secrets.webhookSecrets],
  ] as const)
    emulators.account.parameters.set(`${path}/${parameter}`, JSON.stringify(value));
}

const contextOf = ({ functionName }: DeployedFunction, context: LambdaContext): LambdaContext => ({
  ...context,
  functionName,
  invokedFunctionArn: context.invokedFunctionArn.replace(/[^:]*$/, functionName),
  logGroupName: `/aws/lambda/${functionName}`,
});
