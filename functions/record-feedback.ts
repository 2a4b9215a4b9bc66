/** What SES tells of our mails, through SNS → marks on the message log, suppression, statistics, consent. */
import { readSesFeedback } from '../shared/channels/ses-feedback.ts';
import { recordFeedback } from '../shared/pipeline/record-feedback.ts';
import type { Ports } from '../shared/ports.ts';
import { textHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  textHandler(ports, 'record-feedback', readSesFeedback, (receipt, { receiveCount }) =>
    recordFeedback(ports, receipt, receiveCount),
  );

export const handler = onLambda(createHandler);
