/**
 * Topics, as far as Relance uses them: feedback published to a topic reaches the queues subscribed to it.
 */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { ProductClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import type { SnsInbox } from './sns-inbox.ts';
import { invalidParameter } from './sns-phones.ts';
import type { Sqs } from './sqs.ts';
import type { EmulatorStore } from './store.ts';

const subscription = v.object({ topicArn: v.string(), queueArn: v.string(), raw: v.boolean() });
export type Subscription = v.InferOutput<typeof subscription>;

export interface TopicMessage {
  readonly message: string;
  readonly subject?: string;
  readonly attributes: readonly {
    readonly name: string;
    readonly dataType: string;
    readonly kind: 'text' | 'binary';
    readonly value: string;
  }[];
}

export class SnsTopics {
  readonly #arn: string;
  readonly #clock: ProductClock;
  readonly #sqs: Sqs;
  readonly #inbox: SnsInbox;
  readonly #topics;
  readonly #subscriptions;

  constructor(
    arn: string,
    surroundings: { readonly clock: ProductClock; readonly store: EmulatorStore; readonly sqs: Sqs; readonly inbox: SnsInbox },
  ) {
    this.#arn = arn;
    this.#clock = surroundings.clock;
    this.#sqs = surroundings.sqs;
    this.#inbox = surroundings.inbox;
    this.#topics = surroundings.store.kept('sns-topic', v.string());
    this.#subscriptions = surroundings.store.kept('sns-subscription', subscription);
  }

  create(name: string): string {
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    const arn = `${this.#arn}:${name}`;
    this.#topics.set(arn, name);
    return arn;
  }

  delete(arn: string): void {
    for (const [id, { topicArn }] of [...this.#subscriptions.entries()]) if (topicArn === arn) this.#subscriptions.delete(id);
    this.#topics.delete(arn);
  }

  list(): readonly string[] {
    return [...this.#topics.entries().keys()];
  }

  /** Queues only. The same subscription again answers the one there is. */
  subscribe(topicArn: string, protocol: string, queueArn: string, attributes: Readonly<Record<string, string>>): string {
    this.#refuseUnknown(topicArn);
    if (protocol !== 'sqs') throw invalidParameter(`Protocol Reason: the local emulator delivers to sqs only, not ${protocol}`);
    const other = Object.keys(attributes).find((name) => name !== 'RawMessageDelivery');
    if (other !== undefined) throw invalidParameter(`Attributes Reason: the local emulator does not know ${other}`);
    this.#sqs.queueOf(queueArn);
    const existing = this.subscriptions(topicArn).find(([, known]) => known.queueArn === queueArn);
    const arn = existing?.[0] ?? `${topicArn}:${randomUUID()}`;
    this.#subscriptions.set(arn, { topicArn, queueArn, raw: attributes['RawMessageDelivery'] === 'true' });
    return arn;
  }

  unsubscribe(arn: string): void {
    this.#subscriptions.delete(arn);
  }

  subscriptions(topicArn: string): readonly (readonly [string, Subscription])[] {
    return [...this.#subscriptions.entries()].filter(([, known]) => known.topicArn === topicArn);
  }

  /** `delaySeconds`: so late it reaches the queues, where a service that publishes takes its time. */
  publish(topicArn: string, content: TopicMessage, delaySeconds = 0): string {
    this.#refuseUnknown(topicArn);
    const receivers = this.subscriptions(topicArn).map(([arn, known]) => ({
      arn,
      ...known,
      queue: this.#sqs.queueOf(known.queueArn),
    }));
    const { message, subject } = content;
    const id = this.#inbox.add({ kind: 'topic', topicArn, message, subject, queues: receivers.map(({ queue }) => queue.name) });
    for (const { arn, raw, queue } of receivers)
      queue.send({
        ...(raw ? rawMessage(content) : { body: this.#notification(id, topicArn, arn, content), attributes: {} }),
        ...(delaySeconds === 0 ? {} : { delaySeconds }),
      });
    return id;
  }

  #notification(id: string, topicArn: string, subscriptionArn: string, { message, subject, attributes }: TopicMessage): string {
    const named = Object.fromEntries(attributes.map(({ name, dataType, value }) => [name, { Type: dataType, Value: value }]));
    return JSON.stringify({
      Type: 'Notification',
      MessageId: id,
      TopicArn: topicArn,
      ...(subject === undefined ? {} : { Subject: subject }),
      Message: message,
      Timestamp: new Date(this.#clock.now()).toISOString(),
      SignatureVersion: '1',
      Signature: 'EXAMPLE',
      SigningCertURL: 'EXAMPLE',
      UnsubscribeURL: subscriptionArn,
      ...(attributes.length === 0 ? {} : { MessageAttributes: named }),
    });
  }

  #refuseUnknown(arn: string): void {
    if (this.#topics.get(arn) === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  }
}

const rawMessage = ({ message, attributes }: TopicMessage) => ({
  body: message,
  attributes: Object.fromEntries(attributes.map(({ name, dataType, kind, value }) => [name, { dataType, kind, value }])),
});
