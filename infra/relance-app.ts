/**
 * The whole of an installation: three stacks by how long they live. Knows no account, so that it can be looked at and
 * tested without one.
 */
import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { CheckedChoices } from './choices.ts';
import { houseDefaults } from './house-defaults.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EngineStack } from './stacks/engine-stack.ts';
import { MessagingStack } from './stacks/messaging-stack.ts';

export interface RelanceAppProps extends Pick<AppProps, 'outdir' | 'context'> {
  readonly choices: CheckedChoices;
  /** Folder of the bundles. */
  readonly dist: string;
}

export function relanceApp({ choices, dist, ...props }: RelanceAppProps): App {
  const app = new App({ ...props, analyticsReporting: false, propertyInjectors: houseDefaults });
  const stackProps = { choices, env: { region: choices.region } };
  const { name } = choices;
  const data = new DataStack(app, `${name}-data`, { ...stackProps, description: 'Relance: what is known about people' });
  const messaging = new MessagingStack(app, `${name}-messaging`, {
    ...stackProps,
    description: 'Relance: domains that mails leave from, what comes back, alarms',
  });
  const engine = new EngineStack(app, `${name}-engine`, {
    ...stackProps,
    dist,
    description: 'Relance: queues, functions, doors',
  });
  engine.addStackDependency(data);
  engine.addStackDependency(messaging);
  Tags.of(app).add('relance', name);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}
