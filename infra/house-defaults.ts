/**
 * What every queue, topic, log group and function of ours is like unless its construct says otherwise. CDK applies it to
 * each of them, so that nobody has to remember it.
 */
import { type IPropertyInjector, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Function, type FunctionProps, LoggingFormat, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic, type TopicProps } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';

const queues: IPropertyInjector = {
  constructUniqueId: Queue.PROPERTY_INJECTION_ID,
  // SQS's own keys cost nothing; a customer key is a dollar a month and a call for each message.
  inject: (props: QueueProps): QueueProps => ({ encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props }),
};

const topics: IPropertyInjector = {
  constructUniqueId: Topic.PROPERTY_INJECTION_ID,
  // Not encrypted at rest: SNS has no free key that SES and CloudWatch may use, and it keeps nothing that it could deliver.
  inject: (props: TopicProps): TopicProps => ({ enforceSSL: true, ...props }),
};

const logGroups: IPropertyInjector = {
  constructUniqueId: LogGroup.PROPERTY_INJECTION_ID,
  inject: (props: LogGroupProps): LogGroupProps => ({
    retention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  }),
};

const functions: IPropertyInjector = {
  constructUniqueId: Function.PROPERTY_INJECTION_ID,
  inject: (props: FunctionProps): FunctionProps => ({
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
    // Lambda's own lines about each start and end would be most of the log's price; failures and timeouts are warnings.
    systemLogLevelV2: SystemLogLevel.WARN,
    ...props,
  }),
};

export const houseDefaults: IPropertyInjector[] = [queues, topics, logGroups, functions];
