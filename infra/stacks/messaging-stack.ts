/**
 * What the world knows us by, and what takes days to earn: the domains that mails leave from, what comes back about them,
 * and where alarms go. It changes seldom, so that a new version of the engine never touches it.
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ConfigurationSet, EmailSendingEvent, EventDestination, SuppressionReasons } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { feedback } from '../../shared/topology.ts';
import type { CheckedChoices } from '../choices.ts';
import { MailDomain } from '../constructs/mail-domain.ts';
import { constructId } from '../construct-id.ts';
import { resourceNames } from '../resource-names.ts';

export interface MessagingStackProps extends StackProps {
  readonly choices: CheckedChoices;
}

const events = feedback.events.map((event) => EmailSendingEvent[event]);

export class MessagingStack extends Stack {
  constructor(scope: Construct, id: string, { choices, ...props }: MessagingStackProps) {
    super(scope, id, props);
    const names = resourceNames(choices);
    this.#alarmTopic(names.alarmTopic, choices.alarmEmail);
    const configurationSet = this.#configurationSet(names.configurationSet, names.feedbackTopic);
    for (const [purpose, domain] of Object.entries(names.mailDomains)) {
      new MailDomain(this, constructId(purpose), {
        domain,
        region: this.region,
        configurationSet,
        ...(choices.dmarcReports === undefined ? {} : { reportsTo: choices.dmarcReports }),
      });
    }
  }

  #alarmTopic(topicName: string, email: string): void {
    const topic = new Topic(this, 'Alarms', { topicName, displayName: 'Relance' });
    topic.addSubscription(new EmailSubscription(email));
    acknowledge([topic], {
      'Serverless-SNSRedrivePolicy': 'an alarm that cannot be mailed is of no use to a queue; CloudWatch shows it still',
    });
    // A topic with a policy of its own has lost the one that lets the account's alarms speak.
    topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
  }

  #configurationSet(configurationSetName: string, topicName: string): ConfigurationSet {
    const set = new ConfigurationSet(this, 'Mails', {
      configurationSetName,
      reputationMetrics: true,
      // Second net below our own suppression: SES itself refuses who bounced or complained in this account.
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    const topic = new Topic(this, 'FeedbackTopic', { topicName });
    set.addEventDestination('Feedback', { destination: EventDestination.snsTopic(topic), events });
    return set;
  }
}
