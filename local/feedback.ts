/**
 * SES → SNS → SQS, as the deployment connects them: mails that name the configuration set publish what becomes of them to the
 * topic, which hands it to the feedback queue.
 */
import { feedback } from '../shared/topology.ts';
import type { Emulators } from './emulators/start.ts';

/** The queues must be there already. Connecting again changes nothing. */
export function connectFeedback({ ses, sns, sqs }: Pick<Emulators, 'ses' | 'sns' | 'sqs'>): void {
  const topic = sns.topics.create(feedback.topic);
  sns.topics.subscribe(topic, 'sqs', sqs.arnOf(feedback.queue), { RawMessageDelivery: String(feedback.rawMessageDelivery) });
  ses.publishEvents(feedback.configurationSet, ({ message, delaySeconds }) => {
    sns.topics.publish(topic, { message, subject: 'Amazon SES Email Event Notification', attributes: [] }, delaySeconds);
  });
}

/** What the sender must know of it. */
export const feedbackEnvironment = { [feedback.configurationSetVariable]: feedback.configurationSet };
